import Assessment
import Domains
import Findings
import Foundation
import Geometry
import Models
import PleuraTesting
import Radiographs
import Testing

@Suite struct DegradedAssessmentTests {
    /// A network that is right on every good film: turned films and films in a frame are scored in the good film's pixels.
    @Test func boxesOfDegradedFilmsAreScoredWhereTheyBelong() throws {
        let work = try TemporaryFolder()
        _ = try DrawnDataset.write(to: work.file("dataset"))
        try TinyModel.write(to: work.file("tiny"), card: DrawnDataset.card(learntFrom: [1]))
        let images = try AssessedImages(directory: work.file("dataset").path, fold: 0)
        let runner = ModelRunner(decoders: DecoderRegistry(decoders: [PNGDecoder()]))
        var assessment = DegradedAssessment(of: work.file("tiny").path, on: images, by: runner)
        assessment.treatments = [.asIs]
        let report = try assessment.run()
        #expect(report.images == 6 && report.boxedImages == 6 && report.failed == 0 && report.rows.count == 17)
        #expect(report.rows.first?.map50 == 1 && report.rows.first?.degradation == nil)
        // Two quarter-turns put each cell where another is; the network finds it there, with its box's wider end on the other side.
        let turned = report.rows.filter { $0.degradation == .turning }
        #expect(turned.count == 2 && turned.allSatisfy { $0.map50 ?? 0 > 0.5 })
        #expect(try assessment.run() == report)
        #expect(report.text.contains("turning 2"))
        let bytes = try JSONEncoder().encode(report)
        #expect(try JSONDecoder().decode(DegradedReport.self, from: bytes) == report)
    }

    @Test func limitsAreLearntIntoAFinishedCard() throws {
        let work = try TemporaryFolder()
        _ = try DrawnDataset.write(to: work.file("dataset"))
        try TinyModel.write(to: work.file("tiny"))
        let runner = ModelRunner(decoders: DecoderRegistry(decoders: [PNGDecoder()]))
        let few = #expect(throws: AssessmentError.self) {
            try QualityLearningRun(of: work.file("tiny").path, from: [work.file("dataset").path], by: runner).run()
        }
        #expect(few?.reason == "limits of quality need 32 images that show something")
        let before = try ModelBundle(directory: work.file("tiny"))
        let report = try QualityLearningRun(
            of: work.file("tiny").path, from: Array(repeating: work.file("dataset").path, count: 3), by: runner
        ).run()
        let after = try ModelBundle(directory: work.file("tiny"))
        #expect(report.images == 36 && report.digest == after.digest && after.digest != before.digest)
        #expect(after.card.quality != nil && !report.tellsChildren)
        var card = after.card
        card.quality = nil
        #expect(card == before.card)

        let kept = try QualityLearningRun(
            of: work.file("tiny").path, from: Array(repeating: work.file("dataset").path, count: 3), domain: .chestRadiograph, by: runner
        ).run()
        let domained = try ModelBundle(directory: work.file("tiny")).card
        #expect(kept.domain == "chest-radiograph" && domained.domain == .chestRadiograph)
        #expect(domained.appearance?.limits.keys.sorted { $0.rawValue < $1.rawValue } == [.strangeness])
        #expect(domained.quality == after.card.quality)
    }
}
