import ChangeGate
import Datasets
import Evaluation
import Foundation
import Improvement
import Models
import PleuraTesting
import Testing

@Suite struct GateRunTests {
    private static func run(_ site: SmallSite, _ current: ModelBundle, _ candidate: ModelBundle) async throws -> GateRun.Outcome {
        var settings = GateSettings()
        settings.draws = 200
        var run = GateRun(
            current: current, candidate: candidate, reference: site.dataset.directory, runner: site.runner, settings: settings)
        run.timedImages = 0
        return try await run.run()
    }

    /// From pictures to the verdict: the same model in another bundle is no worse; one whose labels were swapped is stopped.
    @Test func aPoisonedCandidateIsStopped() async throws {
        let site = try SmallSite(images: 160)
        try ReferenceSet(locking: site.dataset, name: "cases").json
            .write(to: site.dataset.directory.appendingPathComponent(ReferenceSet.fileName))
        let current = try site.model("a")
        let same = try await Self.run(site, current, try site.model("b", version: "2.0.0"))
        #expect(same.report.verdict == .noWorse && same.report.look == 1)
        #expect(same.candidate.card.operatingPoints?.isEmpty == false, "operating points are fitted on the part for them")
        let poisoned = try await Self.run(site, current, try site.model("c", labels: ["Dark", "Bright"]))
        #expect(poisoned.report.verdict == .worse && poisoned.report.look == 2)
        #expect(poisoned.report.failed.contains { $0.subject == .found && $0.candidate < $0.current })
        // Nobody is judged on what thresholds were fitted on.
        #expect(same.report.images < site.dataset.images.count)
    }

    @Test func whoHasLearntFromTheSetIsNotJudged() async throws {
        let site = try SmallSite(images: 40)
        try ReferenceSet(locking: site.dataset, name: "cases").json
            .write(to: site.dataset.directory.appendingPathComponent(ReferenceSet.fileName))
        let bundle = try site.model("b")
        var card = bundle.card
        card.trainingData = ModelCard.TrainingData(
            description: "d", licence: "l", digest: "x", images: 1, boxes: 1, patients: 1, folds: [],
            patientDigests: PatientDigests(of: ["p7"], salt: "x").text)
        let learnt = try bundle.replacing(card: card)
        await #expect { try await Self.run(site, try site.model("a"), learnt) } throws: {
            ($0 as? GateError)?.reason.contains("has learnt from patients of 1 images") == true
        }
    }
}
