import Findings
import Foundation
import Radiographs

/// A DICOM file that holds an image, parsed once: its header, and any of its frames as it is stored, in the modality's scale or to be looked at.
///
/// What happens to a sample, in the order of PS3.3 C.11 and PS3.4 annex N:
/// 1. the frame is taken out of Pixel Data: native, RLE, JPEG and JPEG-LS by DCMTK, JPEG 2000 by OpenJPEG;
/// 2. bits outside Bits Stored (old overlays) are masked off and the sign is extended;
/// 3. Modality LUT or rescale; 4. VOI LUT or else the first window; 5. MONOCHROME1 is turned round; 6. padding is black.
///
/// A pixel is round((v - y_min) / (y_max - y_min) * (2^bits - 1)), where v and y_min...y_max are the value and the output
/// range of pydicom's `apply_voi_lut`, so that for a rescale slope of 1 it equals pydicom's v - y_min.
/// Implicit and explicit VR, both byte orders, deflated; with or without the header of PS3.10.
public struct DICOMInstance {
    /// For other rooms, which look up elements of their own.
    package var dataset: DICOMItem { file.dataset }
    private let file: DICOMFile
    private let syntax: TransferSyntax
    private let module: ImagePixelModule
    /// What a reader should know whatever frame is looked at.
    private let warnings: [ImageWarning]
    private let limits: DecodingLimits

    /// - Throws: `RadiographError`: no image, damaged, too large, in a transfer syntax that is not decoded.
    public init(_ bytes: Data, limits: DecodingLimits = DecodingLimits()) throws {
        self.limits = limits
        file = try DICOMFile(bytes)
        syntax = try file.transferSyntax()
        // First, since a dataset of an unknown encoding may have been misread.
        guard syntax.coding != .unsupported else { throw syntax.unsupportedError }
        var warnings: [ImageWarning] = []
        if let error = file.parsingError {
            guard file.hasCompletePixelData else { throw try Self.headerError(file, limits: limits) ?? error }
            warnings.append(ImageWarning(.damagedBehindPixels))
        }
        module = try ImagePixelModule(file.dataset, limits: limits, warnings: &warnings)
        self.warnings = warnings
    }

    public var frameCount: Int { module.frameCount }
    /// Columns of a frame.
    public var width: Int { module.columns }
    /// Rows of a frame.
    public var height: Int { module.rows }

    /// What the header says of a frame.
    /// - Parameter frame: From 1.
    /// - Throws: `RadiographError` of code `noSuchFrame`.
    public func header(ofFrame frame: Int = 1) throws -> ImageHeader {
        ImageHeader(try groups(frame), frame: frame, of: module.frameCount)
    }

    /// A frame to be looked at: window, tables and polarity applied.
    /// - Parameter frame: From 1.
    /// - Throws: `RadiographError`.
    public func radiograph(frame: Int = 1) throws -> Radiograph {
        let groups = try groups(frame)
        var warnings = warnings
        if let warning = EmptyElements(groups).warning { warnings.append(warning) }
        if let count = reader.unannouncedFrames { warnings.append(ImageWarning(.unannouncedFrames, String(count))) }
        var (colour, colourfulness) = (ColourPlanes?.none, 0.0)
        let pixels =
            try module.photometric.isGrey
            ? grey(groups, warnings: &warnings)
            : greyOfColour(groups, colour: &colour, colourfulness: &colourfulness, warnings: &warnings)
        var radiograph = Radiograph(
            pixels: pixels, header: ImageHeader(groups, frame: frame, of: module.frameCount),
            polarity: module.photometric == .monochrome1 ? .lowIsWhite : .lowIsBlack, warnings: warnings)
        (radiograph.colour, radiograph.colourfulness) = (colour, colourfulness)
        return radiograph
    }

    /// A grey frame in the modality's own scale: Hounsfield units of CT.
    /// - Parameter frame: From 1.
    /// - Throws: `RadiographError`, of code `unsupported` for an image in colour.
    public func modalityImage(frame: Int = 1) throws -> ModalityImage {
        let groups = try groups(frame)
        guard module.photometric.isGrey else { throw RadiographError(.unsupported, "an image in colour has no values of a modality") }
        var warnings: [ImageWarning] = []
        let item = groups.item(.pixelValueTransformationSequence) ?? groups.dataset
        let modality = try ModalityTransform(item, isSigned: module.isSigned, warnings: &warnings)
        let stored = StoredValues(module)
        let samples = try reader.withFrame(groups.frame) { stored.values($0.samples, bytesPerSample: $0.bytesPerSample) }
        let padding = PixelPadding(groups.dataset, storable: stored.range)
            .map { Int32($0.values.lowerBound)...Int32($0.values.upperBound) }
        switch modality {
        case .rescale(let slope, let intercept):
            return ModalityImage(
                width: width, height: height, samples: samples, slope: slope, intercept: intercept, units: item.text(.rescaleType),
                padding: padding)
        case .table(let table):
            // Padding stays apart: a table could give its value to other samples too.
            let missing = Int32.min
            return ModalityImage(
                width: width, height: height,
                samples: samples.map { padding?.contains($0) == true ? missing : Int32(table(Double($0))) }, slope: 1, intercept: 0,
                units: item.filledItem(.modalityLUTSequence)?.text(.modalityLUTType), padding: padding.map { _ in missing...missing })
        }
    }

    /// A frame for a viewer that windows by itself. An image in colour, and one with a VOI LUT, come as they are to be looked at.
    /// - Parameter frame: From 1.
    /// - Throws: `RadiographError`.
    public func windowableImage(frame: Int = 1) throws -> WindowableImage {
        let groups = try groups(frame)
        guard module.photometric.isGrey else { return WindowableImage(try radiograph(frame: frame)) }
        var warnings = warnings
        let item = groups.item(.pixelValueTransformationSequence) ?? groups.dataset
        let modality = try ModalityTransform(item, isSigned: module.isSigned, warnings: &warnings)
        let stored = StoredValues(module)
        let values = modality.range(of: stored.range)
        let interest = ValueOfInterest(
            groups.item(.frameVOILUTSequence) ?? groups.dataset, inputIsSigned: min(values.first, values.last) < 0, warnings: &warnings)
        if case .table = interest { return WindowableImage(try radiograph(frame: frame)) }
        // Samples count from the smallest storable value, so that signed ones fit.
        let offset = stored.range.lowerBound
        let table: [UInt16]
        let (slope, intercept, units, bits): (Double, Double, String?, Int)
        switch modality {
        case .rescale(let rescaleSlope, let rescaleIntercept):
            table = (0..<stored.patternCount).map { UInt16(clamping: stored.value(of: $0) - offset) }
            (slope, intercept) = (rescaleSlope, rescaleIntercept + rescaleSlope * Double(offset))
            (units, bits) = (item.text(.rescaleType), module.bitsStored)
        case .table(let modalityTable):
            table = (0..<stored.patternCount).map { pattern in
                let value = modalityTable(Double(stored.value(of: pattern))).rounded()
                return value > 0 ? UInt16(min(value, 65_535)) : 0
            }
            (slope, intercept) = (1, 0)
            (units, bits) = (item.filledItem(.modalityLUTSequence)?.text(.modalityLUTType), modalityTable.depth)
        }
        // A Modality LUT may give padding's value to samples of the image, too; then nothing is known to be padding.
        var padding: ClosedRange<UInt16>?
        if case .rescale = modality, let found = PixelPadding(groups.dataset, storable: stored.range) {
            padding = UInt16(clamping: found.values.lowerBound - offset)...UInt16(clamping: found.values.upperBound - offset)
        }
        let samples = try reader.withFrame(groups.frame) { frame in
            stored.mapped(frame.samples, bytesPerSample: frame.bytesPerSample, by: table)
        }
        return WindowableImage(
            width: width, height: height, bits: min(max(bits, 1), 16), samples: samples, slope: slope, intercept: intercept, units: units,
            isInverted: module.photometric == .monochrome1, window: interest.window, padding: padding,
            header: ImageHeader(groups, frame: frame, of: module.frameCount), warnings: warnings)
    }

    private var reader: FrameReader { FrameReader(file: file, module: module, syntax: syntax) }

    private func groups(_ frame: Int) throws -> FunctionalGroups {
        guard (1...module.frameCount).contains(frame) else {
            throw RadiographError(.noSuchFrame, "frame \(frame) of \(module.frameCount)", at: .numberOfFrames)
        }
        return FunctionalGroups(dataset: file.dataset, frame: frame - 1)
    }

    private func grey(_ groups: FunctionalGroups, warnings: inout [ImageWarning]) throws -> PixelImage {
        let modality = try ModalityTransform(
            groups.item(.pixelValueTransformationSequence) ?? groups.dataset, isSigned: module.isSigned, warnings: &warnings)
        let stored = StoredValues(module)
        let range = modality.range(of: stored.range)
        let interest =
            limits.window.map { .window(center: $0.centre, width: $0.width, function: .linearExact) }
            ?? ValueOfInterest(
                groups.item(.frameVOILUTSequence) ?? groups.dataset, inputIsSigned: min(range.first, range.last) < 0, warnings: &warnings)
        let padding = PixelPadding(groups.dataset, storable: stored.range)
        return try reader.withFrame(groups.frame) { frame in
            let mapping = GreyMapping(
                stored, modality: modality, presentation: Presentation(module, modality: modality, interest: interest), padding: padding)
            return PixelImage(
                width: module.columns, height: module.rows, bits: mapping.bits,
                samples: mapping(frame.samples, bytesPerSample: frame.bytesPerSample))
        }
    }

    private func greyOfColour(
        _ groups: FunctionalGroups, colour: inout ColourPlanes?, colourfulness: inout Double, warnings: inout [ImageWarning]
    ) throws -> PixelImage {
        if !limits.keepsColour { warnings.append(ImageWarning(.colourTurnedGrey)) }
        return try reader.withFrame(groups.frame) { frame in
            let mapping = ColourMapping(
                model: frame.isRGB ? .rgb : .ybrFull, isPlanar: frame.isPlanar, bits: min(max(module.bitsStored, 8), 16))
            let found = mapping.planes(
                frame.samples, bytesPerSample: frame.bytesPerSample, width: module.columns, height: module.rows)
            colourfulness = found.colourfulness
            if limits.keepsColour { colour = found.planes }
            return PixelImage(
                width: module.columns, height: module.rows, bits: mapping.bits,
                samples: mapping(frame.samples, bytesPerSample: frame.bytesPerSample))
        }
    }

    /// A better reason than "truncated" where the header that was read already forbids the image.
    private static func headerError(_ file: DICOMFile, limits: DecodingLimits) throws -> RadiographError? {
        var warnings: [ImageWarning] = []
        do {
            _ = try ImagePixelModule(file.dataset, limits: limits, warnings: &warnings)
        } catch let error as RadiographError where error.code == .tooLarge {
            return error
        } catch {}
        return nil
    }
}
