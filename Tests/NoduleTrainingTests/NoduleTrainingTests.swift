import Basics
import Foundation
import Models
import NoduleDetection
import NoduleExamples
import NoduleTraining
import PleuraTesting
import Tensors
import Testing

/// Trainings of a minute's fraction on blocks of balls and tubes.
@Suite(.serialized) struct NoduleTrainingTests {
    /// Scans of 50 voxels with a ball in the middle and tubes around it, in four folds.
    static func examples(_ count: Int, to folder: URL) throws {
        let side = 50
        var scans: [NoduleExamples.Scan] = []
        for number in 0..<count {
            var random = SeededGenerator(seed: 77, stream: UInt64(number))
            var block = VoxelBlock(width: side, height: side, depth: side, values: [UInt8](repeating: 20, count: side * side * side))
            var mask = VoxelBlock(width: side, height: side, depth: side, values: [UInt8](repeating: 0, count: side * side * side))
            let radius = random.uniform(3...6)
            let tubes = [SIMD2(13, 13), SIMD2(37, 14), SIMD2(14, 37)]
            for z in 0..<side {
                for y in 0..<side {
                    for x in 0..<side {
                        let index = (z * side + y) * side + x
                        let offset = SIMD3(Double(x), Double(y), Double(z)) - 25
                        let isBall = (offset * offset).sum() < radius * radius
                        let isTube = tubes.contains { tube in
                            let (dx, dy) = (Double(x - tube.x), Double(y - tube.y))
                            return dx * dx + dy * dy < radius * radius / 2
                        }
                        block.values[index] = UInt8((isBall || isTube ? 165 : 20) + Int(random.uniform(-8...8)))
                        mask.values[index] = isBall ? 1 : 0
                    }
                }
            }
            let name = "scan-\(number)"
            try NoduleExampleFolder.write(block, mask: mask, name: name, to: folder)
            scans.append(
                NoduleExamples.Scan(
                    name: name, source: .patch, series: name, fold: number % 4, width: side, height: side, depth: side,
                    nodules: [NoduleExamples.Nodule(number: 1, voxel: [25, 25, 25], diameter: 2 * radius)],
                    candidates: [NoduleExamples.Candidate(rank: 1, voxel: [26, 25, 25], nodule: 1, isUnclear: false)]
                        + tubes.enumerated().map {
                            NoduleExamples.Candidate(rank: $0 + 2, voxel: [$1.x, $1.y, 25], nodule: nil, isUnclear: false)
                        }))
        }
        try NoduleExampleFolder.write(NoduleExamples(scans: scans), to: folder)
    }

    private static func train(_ preset: String, _ changes: [String], fold: Int?) throws -> (
        bundle: ModelBundle, run: URL, folder: TemporaryFolder
    ) {
        let folder = try TemporaryFolder()
        let data = folder.file("examples")
        try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
        try examples(16, to: data)
        let settings = try #require(NodulePreset.named(preset)).settings(changes)
        let run = folder.file("run")
        let training = NoduleTrainingRun(settings: settings, examples: data, testFold: fold, device: .cpu)
        let bundle = try training.run(in: run) { _ in }
        return (try ModelBundle(directory: bundle), run, folder)
    }

    private struct Figures: Decodable {
        struct Figure: Decodable {
            var name: String
            var value: Double
        }
        var fold: Int
        var series: Int
        var nodules: Int
        var others: Int
        var figures: [Figure]
    }

    private static func figures(_ run: URL) throws -> Figures {
        try JSONDecoder().decode(Figures.self, from: Data(contentsOf: run.appendingPathComponent("figures.json")))
    }

    @Test func aClassifierTellsBallsFromTubesItNeverSaw() throws {
        let (bundle, run, folder) = try Self.train("luna-nodules", ["steps=60", "rounds=2", "batch_size=16", "average_decay=0.9"], fold: 1)
        let found = try Self.figures(run)
        #expect(found.fold == 1 && found.series == 4 && found.nodules == 4 && found.others == 12)
        let area = try #require(found.figures.first { $0.name == "auroc" })
        #expect(area.value > 0.95, "\(area.value)")
        #expect(NoduleModel.isOne(bundle) && bundle.card.trainingData.folds == [0, 2, 3] && bundle.card.trainingData.patients == 12)
        #expect(bundle.card.metrics.first { $0.name == "auroc" }?.value == area.value)
        let lines = try String(contentsOf: run.appendingPathComponent("steps.csv"), encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 61)
        withExtendedLifetime(folder) {}
    }

    @Test func aSegmenterOutlinesBallsItNeverSaw() throws {
        let (bundle, run, folder) = try Self.train("luna-nodules-mask", ["steps=30", "batch_size=2", "average_decay=0.8"], fold: 0)
        let found = try Self.figures(run)
        let dice = try #require(found.figures.first { $0.name == "dice" })
        #expect(dice.value > 0.8, "\(dice.value)")
        #expect(bundle.card.kind == NoduleModelKind.segmentation && !NoduleModel.isOne(bundle))
        withExtendedLifetime(folder) {}
    }

    @Test func theSameSeedGivesTheSameNetwork() throws {
        let changes = ["steps=4", "rounds=1", "batch_size=4", "threads=1"]
        let (first, _, one) = try Self.train("luna-nodules", changes, fold: nil)
        let (second, _, two) = try Self.train("luna-nodules", changes, fold: nil)
        let (third, _, three) = try Self.train("luna-nodules", changes + ["seed=2"], fold: nil)
        let bytes = try [first, second, third].map { try Data(contentsOf: $0.modelFile) }
        #expect(bytes[0] == bytes[1] && bytes[0] != bytes[2])
        withExtendedLifetime((one, two, three)) {}
    }

    @Test func whatCannotBeIsRefusedInOneLine() throws {
        let folder = try TemporaryFolder()
        func reason(_ changes: [String] = [], fold: Int? = nil, examples: URL? = nil) -> String {
            do {
                let settings = try NodulePreset.all[0].settings(changes + ["steps=2"])
                let run = folder.file("run-\(UUID().uuidString)")
                _ = try NoduleTrainingRun(settings: settings, examples: examples ?? folder.file("none"), testFold: fold, device: .cpu)
                    .run(in: run) { _ in }
                return "none"
            } catch { return "\(error)" }
        }
        #expect(reason().contains("examples.json cannot be opened"))
        #expect(reason(["stepz=3"]).contains("did you mean steps"))
        #expect(reason(["rounds=0"]).contains("rounds has to be"))
        #expect(reason(["network=tree"]).contains("network is one of"))
        let data = folder.file("examples")
        try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
        try Self.examples(4, to: data)
        #expect(reason(fold: 9, examples: data).contains("fold 9"))
        #expect(reason(["learning_rate=1"], examples: data) == "none")
        try NoduleExampleFolder.write(NoduleExamples(scans: []), to: data)
        #expect(reason(examples: data).contains("no nodule"))
    }
}
