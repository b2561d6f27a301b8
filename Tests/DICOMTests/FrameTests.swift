import DICOM
import Findings
import Foundation
import PleuraTesting
import Radiographs
import Testing

/// Which frame of how many, in every kind of file that has several.
@Suite struct FrameTests {
    @Test(arguments: [
        ("frames12-explicit.dcm", 4), ("frames12-rle.dcm", 4), ("frames12-j2k-lossless.dcm", 4), ("frames12-jpegls-lossless.dcm", 4),
        ("frames8-jpeg-lossless-sv1.dcm", 3), ("frames12-jpeg-fragments-bare.dcm", 4), ("enhanced-ct.dcm", 3), ("x12-j2k-fragments.dcm", 1),
    ]) func theCountIsToldByDecoderAndHeader(_ file: String, _ count: Int) throws {
        let bytes = try DICOMCorpus.bytes(file)
        let radiograph = try DICOMDecoder().decode(bytes, frame: 1, limits: DecodingLimits())
        #expect(radiograph.header.frameCount == count && radiograph.header.frame == (count > 1 ? 1 : nil))
        let header = try DICOMHeader(bytes)
        #expect(header.frameCount == count && header.warnings.contains("frame 1 of \(count)") == (count > 1))
        #expect(!radiograph.warnings.contains { $0.code == .unannouncedFrames })
    }

    /// Frames that the header does not speak of: the first is read as if it were alone, and the others are told.
    @Test(arguments: ["frames12-explicit.dcm", "frames12-rle.dcm", "frames12-j2k-lossless.dcm", "frames12-jpegls-lossless.dcm"])
    func framesThatTheHeaderDoesNotKnowAreTold(_ file: String) throws {
        var bytes = try DICOMCorpus.bytes(file)
        let whole = try DICOMDecoder().decode(bytes, frame: 1, limits: DecodingLimits())
        let header = try #require(bytes.range(of: Data([0x28, 0, 8, 0]) + Data("IS".utf8) + Data([2, 0])))
        bytes.replaceSubrange(header.upperBound..<(header.upperBound + 2), with: Data("1 ".utf8))
        let radiograph = try DICOMDecoder().decode(bytes, frame: 1, limits: DecodingLimits())
        #expect(radiograph.pixels == whole.pixels)
        #expect(radiograph.warnings == [ImageWarning(.unannouncedFrames, "4")])
        #expect(radiograph.warnings.map(\.description) == ["Pixel Data holds 4 frames where the header says one; the first was taken."])
    }
}
