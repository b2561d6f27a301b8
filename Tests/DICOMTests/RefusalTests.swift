import DICOM
import Foundation
import Radiographs
import Testing

/// Files that must be refused, each with the kind of its fault and nothing of the patient.
@Suite struct RefusalTests {
    private func refusal(_ bytes: Data, frame: Int = 1, limits: DecodingLimits = DecodingLimits()) -> RadiographError? {
        do {
            _ = try DICOMDecoder().decode(bytes, path: "", frame: frame, limits: limits)
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
    }

    @Test func highThroughputJPEG2000IsNamed() throws {
        let error = try #require(try refusal(DICOMCorpus.bytes("syntax-1.dcm")))
        #expect(error.reason == "transfer syntax High-Throughput JPEG 2000 Lossless (1.2.840.10008.1.2.4.201)")
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
