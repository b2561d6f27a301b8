import Findings
import Radiographs

/// The Image Pixel module (PS3.3 C.7.6.3): how the samples of a file lie, checked before anything is allocated.
struct ImagePixelModule: Hashable {
    enum Photometric: Hashable {
        /// 0 is white.
        case monochrome1
        /// 0 is black.
        case monochrome2
        case rgb
        /// Luminance and two colour differences, ITU-R BT.601, full range.
        case ybrFull
        /// As `ybrFull`, the differences halved in width; in compressed files only.
        case ybrFull422
        /// JPEG 2000's own transforms, undone by its decoder.
        case ybrJPEG2000

        var isGrey: Bool { self == .monochrome1 || self == .monochrome2 }
    }

    let rows: Int
    let columns: Int
    let frameCount: Int
    /// 1 or 3.
    let samplesPerPixel: Int
    let photometric: Photometric
    /// Whether three samples lie in three planes, not side by side.
    let isPlanar: Bool
    /// 8 or 16.
    let bitsAllocated: Int
    /// 1 to `bitsAllocated`.
    let bitsStored: Int
    /// Where the stored bits begin: High Bit + 1 - Bits Stored, all but always 0.
    let lowBit: Int
    /// Two's complement.
    let isSigned: Bool

    var pixelsPerFrame: Int { rows * columns }
    var samplesPerFrame: Int { pixelsPerFrame * samplesPerPixel }
    var bytesPerFrame: Int { samplesPerFrame * (bitsAllocated / 8) }

    /// - Parameter warnings: Gets what had to be guessed.
    /// - Throws: `RadiographError`: no pixels, damaged, too large, or unsupported with the reason.
    init(_ dataset: DICOMItem, limits: DecodingLimits, warnings: inout [ImageWarning]) throws {
        let hasPixels = dataset.has(.pixelData)
        guard hasPixels || dataset.has(.rows) || dataset.has(.floatPixelData) || dataset.has(.doubleFloatPixelData) else {
            throw RadiographError(.noPixels, "the DICOM file holds no image", at: .pixelData)
        }
        guard let rows = dataset.integer(.rows), let columns = dataset.integer(.columns) else {
            throw RadiographError(.damaged, "the DICOM file does not say its rows and columns", at: .rows)
        }
        guard rows > 0, columns > 0 else { throw RadiographError(.damaged, "\(columns) x \(rows) pixels", at: .rows) }
        guard rows <= 65_535, columns <= 65_535, rows * columns <= limits.maximumPixels else {
            throw RadiographError(.tooLarge, "\(columns) x \(rows) pixels, the limit is \(limits.maximumPixels) pixels", at: .rows)
        }
        guard hasPixels else {
            guard !dataset.has(.floatPixelData), !dataset.has(.doubleFloatPixelData) else {
                throw RadiographError(.unsupported, "floating point pixel data", at: .floatPixelData)
            }
            throw RadiographError(.noPixels, "the DICOM file has no Pixel Data", at: .pixelData)
        }
        self.rows = rows
        self.columns = columns
        samplesPerPixel = dataset.integer(.samplesPerPixel) ?? 1
        guard samplesPerPixel == 1 || samplesPerPixel == 3 else {
            throw RadiographError(.unsupported, "\(samplesPerPixel) samples a pixel", at: .samplesPerPixel)
        }
        photometric = try Self.photometric(dataset, samplesPerPixel: samplesPerPixel, warnings: &warnings)
        isPlanar = samplesPerPixel > 1 && dataset.integer(.planarConfiguration) == 1
        frameCount = max(1, dataset.integer(.numberOfFrames) ?? 1)

        guard let allocated = dataset.integer(.bitsAllocated) else {
            throw RadiographError(.damaged, "the DICOM file does not say its Bits Allocated", at: .bitsAllocated)
        }
        guard allocated == 8 || allocated == 16 else {
            throw RadiographError(.unsupported, "\(allocated) bits allocated a sample", at: .bitsAllocated)
        }
        let stored = dataset.integer(.bitsStored) ?? allocated
        guard (1...allocated).contains(stored) else {
            throw RadiographError(.damaged, "\(stored) bits stored of \(allocated) allocated", at: .bitsStored)
        }
        var highBit = dataset.integer(.highBit) ?? stored - 1
        if highBit < stored - 1 || highBit >= allocated {
            warnings.append(ImageWarning(.highBitUnusable))
            highBit = stored - 1
        }
        bitsAllocated = allocated
        bitsStored = stored
        lowBit = highBit + 1 - stored
        isSigned = dataset.integer(.pixelRepresentation) == 1
    }

    private static func photometric(_ dataset: DICOMItem, samplesPerPixel: Int, warnings: inout [ImageWarning]) throws -> Photometric {
        let photometric: Photometric
        switch dataset.text(.photometricInterpretation) {
        case "MONOCHROME1": photometric = .monochrome1
        case "MONOCHROME2": photometric = .monochrome2
        case "RGB": photometric = .rgb
        case "YBR_FULL": photometric = .ybrFull
        case "YBR_FULL_422": photometric = .ybrFull422
        case "YBR_RCT", "YBR_ICT": photometric = .ybrJPEG2000
        case "PALETTE COLOR":
            throw RadiographError(.unsupported, "photometric interpretation PALETTE COLOR", at: .photometricInterpretation)
        case nil where samplesPerPixel == 1:
            warnings.append(ImageWarning(.photometricMissing))
            photometric = .monochrome2
        default:
            throw RadiographError(
                .unsupported, "the photometric interpretation is neither grey, RGB nor YBR_FULL", at: .photometricInterpretation)
        }
        guard photometric.isGrey == (samplesPerPixel == 1) else {
            throw RadiographError(
                .damaged, "the photometric interpretation does not fit \(samplesPerPixel) samples a pixel", at: .photometricInterpretation)
        }
        return photometric
    }
}
