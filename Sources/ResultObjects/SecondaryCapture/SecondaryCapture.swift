import DICOM
import Foundation
import Results

/// An image with what was found burnt in, and the banner, as a Secondary Capture (PS3.3 A.8.1): for viewers that show nothing else.
struct SecondaryCapture {
    private let content: ResultContent
    private let image: SourceImage

    init(_ content: ResultContent, image: SourceImage) { (self.content, self.image) = (content, image) }

    private static let jpegBaseline = "1.2.840.10008.1.2.4.50"

    func object() throws -> ResultObject {
        let options = content.options
        // The least loss there is, where the picture is not to be compressed.
        let quality = options.isCompressed ? options.jpegQuality : 100
        let picture = try content.pictures.picture(of: image, in: content, quality: quality)
        let draft = try ObjectDraft(
            .secondaryCapture, sopClassUID: SourceImage.secondaryCapture, content: content, image: image, title: "AI findings, burned in",
            detail: "\(options.isCompressed)|\(options.captureSide)|\(options.captureQuality)")
        let dataset = draft.dataset
        draft.contentTime()
        draft.bodyPart()
        dataset.set(.conversionType, "WSD")
        dataset.set(.imageType, "DERIVED\\SECONDARY")
        dataset.set(.burnedInAnnotation, "YES")
        dataset.set(.derivationDescription, content.own("\(StudyResult.notice) Findings of \(content.algorithmName) drawn on the image."))
        dataset.set(.imageComments, FindingLines.text(image.findings, content))
        dataset.set(.patientOrientation, image.orientation)
        let origin = dataset.append(.sourceImageSequence)
        image.reference(origin)
        origin.code(.purposeOfReferenceCodeSequence, .sourceImage)
        dataset.set(.samplesPerPixel, 3)
        dataset.set(.planarConfiguration, 0)
        dataset.set(.rows, picture.rows)
        dataset.set(.columns, picture.columns)
        dataset.set(.bitsAllocated, 8)
        dataset.set(.bitsStored, 8)
        dataset.set(.highBit, 7)
        dataset.set(.pixelRepresentation, 0)
        dataset.set(.lossyImageCompression, "01")
        let ratio = Double(3 * picture.rows * picture.columns) / Double(max(1, picture.jpeg.count))
        dataset.set(.lossyImageCompressionRatio, String(format: "%.2f", ratio))
        dataset.set(.lossyImageCompressionMethod, "ISO_10918_1")
        guard options.isCompressed else {
            dataset.set(.photometricInterpretation, "RGB")
            dataset.set(.pixelData, data: try CapturedPicture.pixels(picture.jpeg).rgb, as: .ob)
            return try draft.object()
        }
        // The one colour model of this class for JPEG; with thinned-out colours, whatever their pattern (PS3.5 8.2.1).
        guard Self.thinsColours(picture.jpeg) else { throw ResultObjectError(.cannotWrite, "the picture's colours are not thinned out") }
        dataset.set(.photometricInterpretation, "YBR_FULL_422")
        draft.writer.setPixels(compressed: picture.jpeg, syntax: Self.jpegBaseline)
        return try draft.object(transferSyntax: Self.jpegBaseline)
    }

    /// Whether the frame header (ITU-T T.81 B.2.2) samples the first component more densely than the others.
    private static func thinsColours(_ jpeg: Data) -> Bool {
        let bytes = [UInt8](jpeg)
        var place = 2
        while place + 12 < bytes.count, bytes[place] == 0xFF {
            let marker = bytes[place + 1]
            if (0xC0...0xC2).contains(marker) { return bytes[place + 11] != 0x11 }
            place += 2 + Int(bytes[place + 2]) << 8 + Int(bytes[place + 3])
        }
        return true
    }
}
