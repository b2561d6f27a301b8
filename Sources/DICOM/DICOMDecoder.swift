import Findings
import Foundation
import Radiographs

/// DICOM images to radiographs: CR, DX, CT and any other grey image, colour captures turned grey.
///
/// What happens to a sample, in the order of PS3.3 C.11 and PS3.4 annex N:
/// 1. the frame is taken out of Pixel Data: native, RLE, JPEG and JPEG-LS by DCMTK, JPEG 2000 by OpenJPEG;
/// 2. bits outside Bits Stored (old overlays) are masked off and the sign is extended;
/// 3. Modality LUT or rescale; 4. VOI LUT or else the first window; 5. MONOCHROME1 is turned round; 6. padding is black.
///
/// The pixel is round((v - y_min) / (y_max - y_min) * (2^bits - 1)), where v and y_min...y_max are the value and the output
/// range of pydicom's `apply_voi_lut`, so that for a rescale slope of 1 it equals pydicom's v - y_min.
/// Implicit and explicit VR, both byte orders, deflated; with or without the header of PS3.10.
public struct DICOMDecoder: RadiographDecoder {
    public init() {}

    public var name: String { "DICOM" }

    /// "DICM" after a preamble of 128 bytes, or a plausible first element of group 0002 or 0008.
    public func recognises(_ bytes: Data) -> Bool {
        let head = [UInt8](bytes.prefix(132))
        if head.count == 132, head[128...].elementsEqual("DICM".utf8) { return true }
        return Self.isFirstElement(head, fileSize: bytes.count)
    }

    public func decode(_ bytes: Data, path: String, frame: Int, limits: DecodingLimits) throws -> Radiograph {
        let file = try DICOMFile(bytes)
        let syntax = try file.transferSyntax()
        // First, since a dataset of an unknown encoding may have been misread.
        guard syntax.coding != .unsupported else { throw syntax.unsupportedError }
        var warnings: [String] = []
        if let error = file.parsingError {
            guard file.hasCompletePixelData else { throw try Self.headerError(file, limits: limits) ?? error }
            warnings.append("The DICOM file is damaged behind its Pixel Data.")
        }
        let dataset = file.dataset
        let module = try ImagePixelModule(dataset, limits: limits, warnings: &warnings)
        guard (1...module.frameCount).contains(frame) else {
            throw RadiographError(.noSuchFrame, "frame \(frame) of \(module.frameCount)", at: .numberOfFrames)
        }
        let groups = FunctionalGroups(dataset: dataset, frame: frame - 1)
        if let warning = EmptyElements(groups).warning { warnings.append(warning) }
        let reader = FrameReader(file: file, module: module, syntax: syntax)
        if let count = reader.unannouncedFrames {
            warnings.append("Pixel Data holds \(count) frames where the header says one; the first was taken.")
        }
        let pixels =
            if module.photometric.isGrey {
                try Self.grey(module, groups: groups, reader: reader, warnings: &warnings)
            } else {
                try Self.grey(ofColour: module, frame: frame - 1, reader: reader, warnings: &warnings)
            }
        let description = ImageDescription(groups: groups)
        return Radiograph(
            pixels: pixels, reference: description.reference(path: path, frame: module.frameCount > 1 ? frame : nil),
            spacing: description.spacing, view: description.view,
            polarity: module.photometric == .monochrome1 ? .lowIsWhite : .lowIsBlack, modality: description.modality,
            bodyPart: description.bodyPart, claims: HeaderClaims(groups), frameCount: module.frameCount, warnings: warnings)
    }

    private static func grey(
        _ module: ImagePixelModule, groups: FunctionalGroups, reader: FrameReader, warnings: inout [String]
    ) throws -> PixelImage {
        let dataset = groups.dataset
        let modality = try ModalityTransform(
            groups.item(.pixelValueTransformationSequence) ?? dataset, isSigned: module.isSigned, warnings: &warnings)
        let storable = GreyMapping.storable(module)
        let range = modality.range(of: storable)
        let interest = ValueOfInterest(
            groups.item(.frameVOILUTSequence) ?? dataset, inputIsSigned: min(range.first, range.last) < 0, warnings: &warnings)
        let padding = PixelPadding(dataset, storable: storable)
        return try reader.withFrame(groups.frame) { frame in
            let mapping = GreyMapping(module, modality: modality, interest: interest, padding: padding)
            return PixelImage(
                width: module.columns, height: module.rows, bits: mapping.bits,
                samples: mapping(frame.samples, bytesPerSample: frame.bytesPerSample))
        }
    }

    private static func grey(
        ofColour module: ImagePixelModule, frame: Int, reader: FrameReader, warnings: inout [String]
    ) throws -> PixelImage {
        warnings.append("The image is in colour and was turned grey.")
        return try reader.withFrame(frame) { frame in
            let mapping = ColourMapping(
                model: frame.isRGB ? .rgb : .ybrFull, isPlanar: frame.isPlanar, bits: min(max(module.bitsStored, 8), 16))
            return PixelImage(
                width: module.columns, height: module.rows, bits: mapping.bits,
                samples: mapping(frame.samples, bytesPerSample: frame.bytesPerSample))
        }
    }

    /// A better reason than "truncated" where the header that was read already forbids the image.
    private static func headerError(_ file: DICOMFile, limits: DecodingLimits) throws -> RadiographError? {
        var warnings: [String] = []
        do {
            _ = try ImagePixelModule(file.dataset, limits: limits, warnings: &warnings)
        } catch let error as RadiographError where error.code == .tooLarge {
            return error
        } catch {}
        return nil
    }

    /// Whether a dataset without preamble begins here: group 0002 or 0008, then a VR in letters or a length that fits.
    private static func isFirstElement(_ head: [UInt8], fileSize: Int) -> Bool {
        guard head.count >= 8 else { return false }
        let isLittle = head[1] == 0 && (head[0] == 0x02 || head[0] == 0x08) && head[3] == 0
        let isBig = head[0] == 0 && head[1] == 0x08 && head[2] == 0
        guard isLittle || isBig else { return false }
        let vr = String(decoding: head[4..<6], as: UTF8.self)
        if ["UL", "CS", "UI", "DA", "TM", "DT", "OB", "SH", "LO", "SQ", "ST"].contains(vr) { return true }
        guard isLittle else { return false }
        let length = (0..<4).reduce(0) { $0 | Int(head[4 + $1]) << (8 * $1) }
        return length % 2 == 0 && length <= fileSize - 8
    }
}
