import Basics
import ChangeGate
import Datasets
import Evaluation
import EvaluationReports
import Findings
import Foundation
import Geometry
import Testing

@Suite struct ChangeGateTests {
    /// So many worlds are simulated: `make test-gate` takes a thousand, which takes minutes.
    private static let worlds = ProcessInfo.processInfo.environment["PLEURA_WORLDS"].flatMap { Int($0) } ?? 150

    /// Fewer draws than the usual 2,000, so that a thousand worlds take minutes; the ends of intervals vary a little more by it.
    private static let settings: GateSettings = {
        var settings = GateSettings()
        settings.draws = 300
        return settings
    }()

    private static func share(of worlds: Int, passing: @escaping @Sendable (UInt64) throws -> Bool) throws -> Double {
        let results = Concurrent.map(worlds, stretch: 4) { number in Result { try passing(UInt64(number) + 1) } }
        return Double(try results.count { try $0.get() }) / Double(worlds)
    }

    /// A model that is worse by the margin in one figure is let through in 5 of 100 worlds at most, however many cases there are: the bound is
    /// three standard errors of so many worlds wider.
    @Test(arguments: [(0.03, 0.0), (0.0, 0.05)]) func worseByTheMarginSeldomPasses(areaLoss: Double, foundLoss: Double) throws {
        let world = SimulatedWorld(areaLoss: areaLoss, foundLoss: foundLoss)
        let passed = try Self.share(of: Self.worlds) { try world.report(images: 500, seed: $0, settings: Self.settings).verdict.passes }
        print("worse by \(areaLoss) in area, \(foundLoss) in boxes: \(passed) of \(Self.worlds) worlds of 500 images pass")
        #expect(passed <= 0.05 + 3 * (0.05 * 0.95 / Double(Self.worlds)).squareRoot())
    }

    /// A small set says how many cases it would take; with so many, a model that is as good passes in 80 of 100 worlds.
    @Test func asGoodPassesAtTheSizeThatIsAskedFor() throws {
        let world = SimulatedWorld()
        // What small sets of these worlds ask for, in images: of boxes there are three to four images.
        var asked: [Double] = []
        for seed in 5000..<5020 as Range<UInt64> {
            let report = try world.report(images: 150, seed: seed, settings: Self.settings)
            let needed = report.failed.compactMap { criterion -> Double? in
                criterion.casesNeeded.map { Double($0) / Double(criterion.cases) * 150 }
            }
            if let most = needed.max() { asked.append(most) }
        }
        try #require(asked.count > 10)
        let size = Int(asked.sorted()[asked.count / 2].rounded(.up))
        let passed = try Self.share(of: Self.worlds) { try world.report(images: size, seed: $0, settings: Self.settings).verdict.passes }
        print("as good: \(passed) of \(Self.worlds) worlds of \(size) images pass, the median of what sets of 150 ask for")
        #expect(passed >= 0.8)
    }

    @Test func labelsThatWereSwappedAreStopped() throws {
        let report = try SimulatedWorld(isPoisoned: true).report(images: 400, seed: 3, settings: Self.settings)
        #expect(report.verdict == .worse)
        #expect(report.failed.contains { $0.subject == .found } && report.failed.contains { $0.subject == .finding })
        let text = GateWords.of("en").text(report)
        #expect(text.hasPrefix("Worse.") && text.contains("boxes found, all findings together: worse"))
    }

    @Test func muchBetterIsBetter() throws {
        let world = SimulatedWorld(areaLoss: -0.08, foundLoss: -0.15)
        #expect(try world.report(images: 500, seed: 4, settings: Self.settings).verdict == .better)
    }

    /// Two equal models differ in nothing; a set of a few cases still does not show it, since so few could not have shown a loss.
    @Test func theSameModelIsNoWorseWhereThereAreEnoughCases() throws {
        let (few, _) = SimulatedWorld().inputs(images: 16, seed: 8)
        let model = GateReport.Model(name: "a", version: "1", digest: "a")
        let small = try ChangeGate(settings: Self.settings).judge(
            current: few, candidate: few, models: (model, model), reference: ("world", "0"))
        // 0.95^n is below 0.05 from 59 boxes on, 0.97^n from 99 images on.
        let found = try #require(small.criteria.first { $0.subject == .found }), area = try #require(small.criteria.first)
        #expect(small.verdict == .notShown && found.casesNeeded == 60 && area.subject == .area && area.casesNeeded == 100)
        let (current, _) = SimulatedWorld().inputs(images: 120, seed: 8)
        let report = try ChangeGate(settings: Self.settings).judge(
            current: current, candidate: current,
            models: (GateReport.Model(name: "a", version: "1", digest: "a"), GateReport.Model(name: "a", version: "1", digest: "a")),
            reference: ("world", "0"))
        #expect(report.verdict == .noWorse && report.criteria.allSatisfy { $0.difference == 0 })
    }

    /// Found boxes by brute force: at the lowest score with at most so many false boxes.
    @Test func sharesAreThoseOfCounting() throws {
        let (current, candidate) = SimulatedWorld().inputs(images: 90, seed: 6)
        var settings = Self.settings
        settings.leastGroupBoxes = 10
        let report = try ChangeGate(settings: settings, attributes: [.sex]).judge(
            current: current, candidate: candidate,
            models: (GateReport.Model(name: "a", version: "1", digest: "a"), GateReport.Model(name: "b", version: "1", digest: "b")),
            reference: ("world", "0"))
        for (input, value) in [(current, \GateCriterion.current), (candidate, \GateCriterion.candidate)] {
            let scores = Set(input.detections.joined().map(\.score)).sorted(by: >)
            func isTrue(_ image: Int, _ detection: Int) -> Bool {
                let said = input.detections[image][detection]
                return input.images[image].boxes.contains {
                    $0.classID == said.classIndex + 1 && $0.box.intersectionOverUnion(said.box) > 0.3
                }
            }
            var threshold = Double.infinity
            for score in scores {
                let wrong = input.images.indices.reduce(0) { sum, image in
                    sum + input.detections[image].indices.count { input.detections[image][$0].score >= score && !isTrue(image, $0) }
                }
                if Double(wrong) > Double(input.images.count) * settings.falseBoxesPerImage { break }
                threshold = score
            }
            func share(_ isMeant: (DatasetImage, Annotation) -> Bool) -> Double {
                var (found, all) = (0, 0)
                for (image, said) in zip(input.images, input.detections) {
                    for box in image.boxes where isMeant(image, box) {
                        all += 1
                        found +=
                            said.contains {
                                $0.score >= threshold && $0.classIndex + 1 == box.classID && $0.box.intersectionOverUnion(box.box) > 0.3
                            } ? 1 : 0
                    }
                }
                return Double(found) / Double(all)
            }
            func criterion(_ subject: GateCriterion.Subject, _ name: String) throws -> Double {
                try #require(report.criteria.first { $0.subject == subject && $0.name == name })[keyPath: value]
            }
            #expect(abs(try criterion(.found, "") - share { _, _ in true }) < 1e-12)
            #expect(abs(try criterion(.finding, "Nodule") - share { $1.classID == 2 }) < 1e-12)
            #expect(abs(try criterion(.group, "sex F") - share { image, _ in image.attributes["sex"] == "F" }) < 1e-12)
        }
    }

    @Test func slowerOrLargerByMoreThanATenthIsStopped() throws {
        let (current, _) = SimulatedWorld().inputs(images: 120, seed: 8)
        var gate = ChangeGate(settings: Self.settings)
        gate.resources = (.init(milliseconds: 10, bytes: 1000), .init(milliseconds: 12, bytes: 1050))
        let model = GateReport.Model(name: "a", version: "1", digest: "a")
        let report = try gate.judge(current: current, candidate: current, models: (model, model), reference: ("world", "0"))
        #expect(report.failed.map(\.subject) == [.latency] && report.verdict == .worse)
    }

    @Test func bothLanguagesHaveTheSameSentences() {
        #expect(GateWords.all.count == 2 && Set(GateWords.all.map(\.keys)).count == 1)
        for subject in ["area", "found", "finding", "group", "site", "latency", "size"] { #expect(GateWords.all[0].keys.contains(subject)) }
        for verdict in GateVerdict.allCases {
            #expect(GateWords.all[0].keys.isSuperset(of: ["verdict.\(verdict.rawValue)", "criterion.\(verdict.rawValue)"]))
        }
    }
}
