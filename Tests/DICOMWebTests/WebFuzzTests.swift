import DICOMWeb
import Foundation
import PleuraTesting
import Testing

/// Damaged files and answers give an error or valid JSON; never a crash, and nothing of the patient in a reason.
@Suite(.timeLimit(.minutes(60))) struct WebFuzzTests {
    @Test func damagedFilesAreErrorsOrJSON() throws {
        let samples = WebCorpus.all.filter { (try? $0.file.count).map { $0 < 60_000 } == true }
        try #require(samples.count > 100)
        let tokens: [[UInt8]] = [
            [0xFE, 0xFF, 0x00, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF], [0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0], [0xE0, 0x7F, 0x10, 0x00],
            Array("SQ\0\0".utf8),
            [0x53, 0x51, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF], Array("UN\0\0".utf8), Array("DS".utf8), [0x1B, 0x24, 0x42], [0xC3, 0x28],
        ]
        var (read, refused) = (0, 0)
        for round in 0..<Fuzzing.rounds(usual: 1_500) {
            var mutator = Mutator(seed: UInt64(round), tokens: tokens.map { Data($0) })
            let sample = samples[mutator.below(samples.count)]
            let file = mutator.mutate(try sample.file)
            do {
                let metadata = try InstanceMetadata(file, bulkDataURI: "b")
                #expect((try? JSONSerialization.jsonObject(with: metadata.json)) != nil, "round \(round), \(sample.name)")
                _ = try metadata.dataset()
                read += 1
                if let frames = try? StoredFrames(file) {
                    for frame in 1...min(3, frames.frameCount) { _ = try? frames.bytes(ofFrame: frame) }
                }
                _ = try? BulkData.bytes(of: file, path: "00880200/1/7FE00010")
            } catch let error as DICOMWebError {
                #expect([DICOMWebError.Code.unreadable].contains(error.code), "round \(round), \(sample.name): \(error)")
                refused += 1
            }
        }
        #expect(read > 100 && refused > 100)
    }

    /// DCMTK reads sequences by recursion; a file of a megabyte would need a hundred megabytes of stack.
    @Test func deepSequencesAreRefused() throws {
        for isDelimited in [true, false] {
            var nested = Data()
            if isDelimited {
                for _ in 0..<60_000 {
                    nested += [0x08, 0, 0x40, 0x11, 0x53, 0x51, 0, 0, 255, 255, 255, 255, 0xFE, 0xFF, 0, 0xE0, 255, 255, 255, 255]
                }
            } else {
                for depth in 0..<60_000 {
                    let left = UInt32(60_000 - depth) * 20
                    nested +=
                        [0x08, 0, 0x40, 0x11, 0x53, 0x51, 0, 0] + DICOMBytes.little(left) + [0xFE, 0xFF, 0, 0xE0]
                        + DICOMBytes.little(left - 8)
                }
            }
            let file = DICOMBytes().file() + nested
            #expect(throws: DICOMWebError(.unreadable, "")) { try InstanceMetadata(file, bulkDataURI: "") }
        }
    }

    @Test func damagedAnswersAreErrorsOrDatasets() throws {
        let text = try Data(WebCorpus.all.first { $0.name == "values" }?.json ?? Data())
        try #require(!text.isEmpty)
        for round in 0..<Fuzzing.rounds(usual: 3_000) {
            var mutator = Mutator(
                seed: UInt64(round), tokens: ["{", "[", "\"Value\":", "null", "1e999", "\"vr\"", "\\u0000"].map { Data($0.utf8) })
            let damaged = mutator.mutate(text)
            do {
                let dataset = try DICOMJSON(damaged)
                #expect(try DICOMJSON(dataset.data) == dataset, "round \(round)")
                _ = try? STOWAnswer(status: 200, body: damaged)
            } catch is DICOMWebError {}
        }
        #expect(throws: DICOMWebError.self) {
            try DICOMJSON(Data(String(repeating: "{\"00081140\":{\"vr\":\"SQ\",\"Value\":[", count: 50_000).utf8))
        }
    }
}
