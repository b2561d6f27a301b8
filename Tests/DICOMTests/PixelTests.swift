import DICOM
import Findings
import Foundation
import Radiographs
import Testing

/// Pixels and description of every file of the corpus, against pydicom.
@Suite struct PixelTests {
    @Test func corpusIsLaid() {
        #expect(DICOMCorpus.shared.images.count > 300)
        #expect(DICOMCorpus.shared.refused.count > 60)
    }

    @Test(arguments: DICOMCorpus.shared.images)
    func pixelsEqualThoseOfPydicom(_ image: DICOMCorpus.Image) throws {
        let bytes = try DICOMCorpus.bytes(image.file)
        let decoder = DICOMDecoder()
        #expect(decoder.recognises(bytes))
        let radiograph = try decoder.decode(bytes, frame: image.frame, limits: DecodingLimits())
        #expect(radiograph.pixels.width == image.width)
        #expect(radiograph.pixels.height == image.height)
        #expect(radiograph.pixels.bits == image.bits)
        let expected = try image.pixels()
        try #require(radiograph.pixels.samples.count == expected.count)
        let worst = zip(radiograph.pixels.samples, expected).map { abs(Int($0) - Int($1)) }.max() ?? 0
        #expect(worst <= image.tolerance)

        #expect(radiograph.header.frameCount == image.frameCount)
        #expect(radiograph.polarity == (image.isInverted ? .lowIsWhite : .lowIsBlack))
        #expect(radiograph.header.modality == image.modality)
        #expect(radiograph.header.bodyPart == image.bodyPart)
        #expect(
            [radiograph.header.spacing?.row, radiograph.header.spacing?.column] == (image.spacing.map { [$0[0], $0[1]] } ?? [nil, nil]))
        let views: [String: ImageHeader.View] = ["PA": .posteroanterior, "AP": .anteroposterior, "LL": .lateral]
        #expect(radiograph.header.view == image.view.map { views[$0] ?? .other($0) })
        #expect(
            ImageReference(.file("given"), header: radiograph.header)
                == ImageReference(
                    .file("given"), frame: image.frameCount > 1 ? image.frame : nil,
                    studyInstanceUID: image.studyInstanceUID, seriesInstanceUID: image.seriesInstanceUID,
                    sopInstanceUID: image.sopInstanceUID, sopClassUID: image.sopClassUID))
    }

    /// The pairs of NEMA's chest radiograph: lossless JPEG 2000 changes nothing.
    @Test(arguments: ["RG1", "RG3"])
    func losslessTwinsAreEqual(_ name: String) throws {
        let decode = { (suffix: String) in
            try DICOMDecoder().decode(DICOMCorpus.bytes("\(name)_\(suffix).dcm"), frame: 1, limits: DecodingLimits()).pixels
        }
        #expect(try decode("UNCR") == decode("J2KR"))
    }
}
