import Archive
import ArchiveConformance
import Foundation
import Testing

/// SQLite's table of characters is not Swift's: whatever a text holds is found again by the same text.
struct SearchWordsTests {
    @Test func everyCharacterIsFoundByItself() async throws {
        let archive = try ArchiveFolder().open()
        let scalars = (1..<0x20000).compactMap(Unicode.Scalar.init)
        let groups = stride(from: 0, to: scalars.count, by: 60).map { start in
            scalars[start..<min(start + 60, scalars.count)].map { String($0) + "x" }.joined(separator: " ")
        }
        let study = ConformanceSamples.study(1, description: groups.joined(separator: " "))
        let instance = ConformanceSamples.instance(1, of: study, name: "")
        _ = try await archive.register(instance, in: study, jobKind: nil, standing: ConformanceSamples.rule)
        for group in groups {
            let found = try await archive.worklist(WorklistQuery(words: group)).studies.count
            #expect(found == 1, "from U+\(String(group.unicodeScalars.first?.value ?? 0, radix: 16))")
        }
        let capitals = try await archive.worklist(WorklistQuery(words: "ŽX ÀX")).studies.count
        #expect(capitals == 1)
    }

    @Test func ofVeryManyWordsTheFirstOnesCount() async throws {
        let archive = try ArchiveFolder().open()
        let words = (100..<300).map { "w\($0)" }
        let study = ConformanceSamples.study(1, description: words.joined(separator: " "))
        _ = try await archive.register(
            ConformanceSamples.instance(1, of: study), in: study, jobKind: nil, standing: ConformanceSamples.rule)
        for (query, count) in [(words, 1), (words + ["nothing"], 1), (words.prefix(60) + ["nothing"], 0), (["nothing"] + words, 0)] {
            #expect(try await archive.worklist(WorklistQuery(words: query.joined(separator: " "))).studies.count == count)
        }
    }
}
