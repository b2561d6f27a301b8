import Basics
import DICOM
import Foundation
import PleuraTesting
import Radiographs
import Testing

/// Files that must be refused, each with the kind of its fault and nothing of the patient.
@Suite struct RefusalTests {
    private func refusal(_ bytes: Data, frame: Int = 1, limits: DecodingLimits = DecodingLimits()) -> RadiographError? {
        do {
            _ = try DICOMDecoder().decode(bytes, frame: frame, limits: limits)
            return nil
        } catch {
            return error as? RadiographError
        }
    }

    @Test(arguments: DICOMCorpus.shared.refused)
    func isRefused(_ file: DICOMCorpus.Refused) throws {
        let bytes = try DICOMCorpus.bytes(file.file)
        #expect(DICOMDecoder().recognises(bytes))
        let error = try #require(refusal(bytes, frame: file.frame ?? 1))
        #expect(error.code.rawValue == file.code, "\(error)")
        #expect(!error.description.contains { $0.isNewline })
        #expect(!error.description.uppercased().contains("SECRET"))
        // Where in the file: a tag, or a byte.
        #expect(error.description.contains(/\([0-9A-F]{4},[0-9A-F]{4}\)|byte [0-9]+/), "\(error)")
    }

    /// Names the element that does not fit into the file, and by how much.
    @Test func whatIsCutOffIsNamedByItsPlace() throws {
        let whole = DICOMBytes(rows: 16, columns: 16, samples: Data(0...255)).file()
        let start = whole.count - 256 - 12
        let error = try #require(refusal(whole.dropLast(100)))
        #expect(
            error
                == RadiographError(
                    .truncated, "the file ends inside the DICOM dataset, 100 bytes too early for the element at byte \(start)"))
    }

    /// Sequences behind Pixel Data are as deep as before it; the image is there.
    @Test func whatIsNestedTooDeepBehindThePixelsIsLeftOut() throws {
        let level =
            Data([0x40, 0x00, 0x30, 0xA7]) + Data("SQ".utf8)
            + Data([0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE, 0xFF, 0x00, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF])
        let deep = (0..<50_000).reduce(into: Data()) { data, _ in data += level }
        for file in ["x12-explicit.dcm", "x12-j2k-lossless.dcm", "x12-rle.dcm"] {
            let bytes = try DICOMCorpus.bytes(file)
            let radiograph = try DICOMDecoder().decode(bytes + deep, frame: 1, limits: DecodingLimits())
            #expect(try radiograph.pixels == DICOMDecoder().decode(bytes, frame: 1, limits: DecodingLimits()).pixels)
            #expect(radiograph.warnings.map(\.description) == ["The DICOM file is damaged behind its Pixel Data."])
        }
    }

    @Test func highThroughputJPEG2000IsNamed() throws {
        let error = try #require(try refusal(DICOMCorpus.bytes("syntax-1.dcm")))
        #expect(error.reason == "transfer syntax High-Throughput JPEG 2000 Lossless (1.2.840.10008.1.2.4.201), at (0002,0010)")
    }

    @Test func limitIsThatOfTheCaller() throws {
        let bytes = try DICOMCorpus.bytes("x12-rle.dcm")
        #expect(refusal(bytes, limits: DecodingLimits(maximumPixels: 61 * 83)) == nil)
        #expect(refusal(bytes, limits: DecodingLimits(maximumPixels: 61 * 83 - 1))?.code == .tooLarge)
    }

    @Test func otherContentIsNotRecognised() {
        let decoder = DICOMDecoder()
        let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + Array(repeating: 0, count: 200)
        let jpeg: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0, 0, 16] + Array(repeating: 0, count: 200)
        for bytes in [png, jpeg, Array("a line of text, long enough to hold a preamble".utf8), [], [8], [2, 0, 0, 0, 0x55]] {
            #expect(!decoder.recognises(Data(bytes)))
        }
    }
}
