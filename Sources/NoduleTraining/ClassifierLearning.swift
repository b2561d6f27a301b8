import Basics
import Evaluation
import Foundation
import ModelGraph
import Networks
import NoduleExamples
import Tensors

/// Learns to tell nodules from vessels, with negatives that are looked for anew.
struct ClassifierLearning: NoduleLearning {
    private let store: ExampleStore
    private let settings: NoduleTrainingSettings
    private let device: Device
    private let network: NoduleClassifier
    private var source: ClassifierSource
    private var trainer: NoduleTrainer
    private let offsets: [SIMD3<Int>]

    let kind = NoduleModelKind.classification
    let side = NoduleClassifier.side
    var architecture: String { network.architecture }

    init(_ store: ExampleStore, training: [Int], settings: NoduleTrainingSettings, device: Device) throws {
        (self.store, self.settings, self.device) = (store, settings, device)
        source = try ClassifierSource(store, training: training, settings: settings)
        network = try NoduleClassifier(seed: settings.seed)
        trainer = try NoduleTrainer(network, settings: settings, device: device)
        offsets = store.offsets(Array(store.scans.indices), areMeasured: true)
    }

    var notes: [String] {
        ["\(source.patchNegatives) candidates of patches and \(source.drawnNegatives) of drawn scans that are no nodules"]
    }

    mutating func learn(log: StepLog, shouldStop: () -> Bool, note: (String) -> Void) throws {
        let (store, network, device) = (store, network, device)
        for round in 0..<settings.rounds {
            if round > 0 {
                var random = SeededGenerator(seed: settings.seed, stream: 0xA11 &+ UInt64(round))
                let weights = try trainer.average.arrays()
                let scorer = try scorer(weights)
                try source.mine(&random) { places in
                    try scorer.scores(places.map { (store.blocks[$0.scan], $0.voxel, nil) })
                }
                note("round \(round + 1): the negatives that score highest were looked for")
            }
            let end = settings.steps * (round + 1) / settings.rounds
            while trainer.step < end {
                guard !shouldStop() else { throw NoduleTrainingError(.stopped, "stopped at step \(trainer.step)") }
                var random = SeededGenerator(seed: settings.seed, stream: 0xBA7C &+ UInt64(trainer.step))
                let batch = source.batch(&random)
                let loss = try trainer.step { executor in
                    let (fine, coarse) = try batch.tensors(device)
                    let targets = try Tensor(batch.targets, shape: [batch.targets.count, 1]).moved(to: device)
                    return try network(fine: fine, coarse: coarse, executor).binaryCrossEntropy(targets: targets).sum()
                        * (1 / Double(batch.targets.count))
                }
                try log.add(trainer.step, loss: loss)
            }
        }
    }

    private func scorer(_ weights: [String: NumericArray]) throws -> ClassifierScorer {
        let averaged = try NoduleClassifier(seed: settings.seed)
        try averaged.load(weights)
        try averaged.move(to: device)
        return ClassifierScorer(network: averaged, device: device)
    }

    func figures(of scans: [Int], fold: Int) throws -> NoduleTrainingRun.Figures {
        let scorer = try scorer(trainer.average.arrays())
        var random = SeededGenerator(seed: settings.seed, stream: 0xF16)
        var entries: [(place: ExampleStore.Place, isNodule: Bool, bounds: VoxelBounds?)] = []
        for scan in scans {
            // As in use: the candidate that the finder puts first, or where it has none the nodule itself, which is then too kind.
            let places = store.nodules[scan]
            for centre in places where centre.isCentre {
                let place = places.first { $0.nodule == centre.nodule && !$0.isCentre } ?? centre
                let bounds = random.element(of: offsets).map { ExampleStore.bounds(around: place.voxel, offset: $0) }
                entries.append((place, true, bounds))
            }
            for place in store.measuredOthers(scan) { entries.append((place, false, nil)) }
        }
        let inputs = entries.map { (store.blocks[$0.place.scan], $0.place.voxel, $0.bounds) }
        let truths = entries.map { Optional($0.isNodule) }
        let series = entries.map { store.scans[$0.place.scan].series }
        func area(_ scores: [Float]) throws -> ConfidenceInterval? {
            let ranking = try ScoreRanking(scores: scores.map(Double.init), truths: truths)
            return PatientBootstrap(patients: series, draws: 1_000, seed: 1).intervals { [ranking.areaUnderROC($0)] }.first ?? nil
        }
        let what = "nodules at the finder's candidate against all other candidates within 13 mm of the middle of the same patches"
        var found: [NoduleTrainingRun.Figures.Figure] = []
        for (name, mirrors, text) in [("auroc", 1, "one look"), ("auroc_mirrored", 8, "mean of eight mirror images")] {
            guard let area = try area(scorer.scores(inputs, mirrors: mirrors)) else { continue }
            found.append(
                NoduleTrainingRun.Figures.Figure(
                    name: name, value: area.value, low: area.low, high: area.high, protocolText: "\(what); \(text)"))
        }
        return NoduleTrainingRun.Figures(
            fold: fold, series: Set(series).count, nodules: truths.count { $0 == true }, others: truths.count { $0 == false },
            figures: found)
    }

    func onnxModel(description: String, version: String) throws -> ONNXModel {
        let finished = try NoduleClassifier(seed: settings.seed)
        try finished.load(trainer.average.arrays())
        return try finished.onnxModel(description: description, version: version)
    }

    func dataText(_ scans: [NoduleExamples.Scan]) -> String {
        let (real, drawn) = (scans.filter { $0.source == .patch }, scans.filter { $0.source == .drawn })
        return """
            \(real.count) patches of 50 mm of LUNA16 (LIDC-IDRI, CC BY 3.0), one nodule each, and \(drawn.count) drawn scans. Negatives: \
            \(source.patchNegatives) other candidates of the same patches and \(source.drawnNegatives) candidates of the drawn scans, the \
            hardest of both looked for again in \(settings.rounds - 1) rounds. No whole real scan was learnt from.
            """
    }

    var summary: String {
        """
        Tells nodules from other candidates on CT: two cubes of 24 voxels at 1 and 2 mm, from -1000 to 500 HU, each through a small 3-D \
        CNN; learnt from LUNA16 patches and drawn scans.
        """
    }

    var intendedUse: String {
        """
        Points a trained reader at places in chest CT of adults that may be nodules, in research. Not for diagnosis, screening or any decision \
        on a patient.
        """
    }

    var limits: [String] {
        [
            "How many false marks it makes on whole real scans is not known: it was measured on one such scan only.",
            """
            Its negatives come from within 25 mm of a nodule and from drawn scans; scars, consolidations, mucus, calcified lymph nodes and \
            lungs after surgery were hardly or never seen.
            """,
            "Ground-glass nodules are rare among the patches, and nodules under 4 mm were not in them.",
        ]
    }
}

/// Scores of places by a classifier, without gradients.
struct ClassifierScorer {
    let network: NoduleClassifier
    let device: Device
    private static let batchSize = 64

    /// - Parameter mirrors: How many mirror images a score is the mean of, 1 to 8.
    func scores(_ places: [(VoxelBlock, SIMD3<Int>, VoxelBounds?)], mirrors: Int = 1) throws -> [Float] {
        let executor = TorchExecutor(isTraining: false, device: device)
        var scores: [Float] = []
        for start in stride(from: 0, to: places.count, by: Self.batchSize) {
            let part = places[start..<min(start + Self.batchSize, places.count)]
            var sums = [Float](repeating: 0, count: part.count)
            for mirror in 0..<mirrors {
                var batch = ClassifierBatch()
                for (block, voxel, bounds) in part {
                    batch.append(block, voxel, bounds: bounds, orientation: CubeOrientation(number: mirror))
                }
                let said = try Engine.withoutGradients {
                    let (fine, coarse) = try batch.tensors(device)
                    return try network(fine: fine, coarse: coarse, executor).sigmoid().floats()
                }
                for index in sums.indices { sums[index] += said[index] / Float(mirrors) }
            }
            scores += sums
        }
        return scores
    }
}
