import Basics
import Evaluation
import Foundation
import ModelGraph
import Networks
import NoduleExamples
import Tensors

/// Learns which voxels of a block belong to the nodule in its middle.
struct SegmenterLearning: NoduleLearning {
    private let store: ExampleStore
    private let settings: NoduleTrainingSettings
    private let device: Device
    private let network: NoduleSegmenter
    private var trainer: NoduleTrainer
    private let scans: (patch: [Int], drawn: [Int])

    let kind = NoduleModelKind.segmentation
    let side = NoduleSegmenter.side
    var architecture: String { network.architecture }

    init(_ store: ExampleStore, training: [Int], settings: NoduleTrainingSettings, device: Device) throws {
        (self.store, self.settings, self.device) = (store, settings, device)
        let kept = training.filter { !store.nodules[$0].isEmpty }
        scans = (kept.filter { store.scans[$0].source == .patch }, kept.filter { store.scans[$0].source == .drawn })
        guard !kept.isEmpty else { throw NoduleExampleError(.tooFew, "the examples to learn from have no nodule") }
        network = try NoduleSegmenter(seed: settings.seed)
        trainer = try NoduleTrainer(network, settings: settings, device: device)
    }

    var notes: [String] { ["masks of \(scans.patch.count) patches and of \(scans.drawn.count) drawn scans"] }

    private func example(_ random: inout SeededGenerator) -> (block: [Float], mask: [Float])? {
        let isDrawn = scans.patch.isEmpty || (!scans.drawn.isEmpty && random.uniform() < settings.drawnShare)
        guard let scan = random.element(of: isDrawn ? scans.drawn : scans.patch) else { return nil }
        guard let place = random.element(of: store.nodules[scan].filter(\.isCentre)) else { return nil }
        // In use the middle is a candidate, which may be off.
        let voxel = place.voxel &+ random.shift(max(1, min(5, Int((place.diameter ?? 0) / 4))))
        let orientation = CubeOrientation(number: random.index(below: CubeOrientation.count))
        let (gain, level) = (Float(random.uniform(0.9...1.1)), Float(random.uniform(-0.04...0.04)))
        let block = orientation.turned(store.blocks[scan].cube(around: voxel, side: side), side: side)
            .map { min(max(($0 + 1) * gain - 1 + level, -1), 1) }
        let mask = orientation.turned(mask(of: place, around: voxel), side: side)
        return (block, mask)
    }

    /// 1 in the nodule.
    private func mask(of place: ExampleStore.Place, around voxel: SIMD3<Int>) -> [Float] {
        let isPatch = store.scans[place.scan].source == .patch
        return store.masks[place.scan].piece(around: voxel, side: side).map {
            (isPatch ? $0 != 0 : Int($0) == place.nodule) ? 1 : 0
        }
    }

    mutating func learn(log: StepLog, shouldStop: () -> Bool, note: (String) -> Void) throws {
        let (network, device, side) = (network, device, side)
        let size = [side, side, side]
        while trainer.step < settings.steps {
            guard !shouldStop() else { throw NoduleTrainingError(.stopped, "stopped at step \(trainer.step)") }
            var random = SeededGenerator(seed: settings.seed, stream: 0x5E6 &+ UInt64(trainer.step))
            var (blocks, masks, count) = ([Float](), [Float](), 0)
            for _ in 0..<settings.batchSize {
                guard let example = example(&random) else { continue }
                blocks += example.block
                masks += example.mask
                count += 1
            }
            let loss = try trainer.step { executor in
                let input = try Tensor(blocks, shape: [count, 1] + size).moved(to: device)
                let flat = [count, 1, side * side, side]
                let logits = try network(input, executor).reshaped(flat)
                let targets = try Tensor(masks, shape: flat).moved(to: device)
                return try SegmentationLoss()(logits, targets: targets, count: Double(count)).total
            }
            try log.add(trainer.step, loss: loss)
        }
    }

    func figures(of scans: [Int], fold: Int) throws -> NoduleTrainingRun.Figures {
        let finished = try NoduleSegmenter(seed: settings.seed)
        try finished.load(trainer.average.arrays())
        try finished.move(to: device)
        let executor = TorchExecutor(isTraining: false, device: device)
        var (dices, ratios, series) = ([Double](), [Double](), [String]())
        for scan in scans {
            for place in store.nodules[scan] where place.isCentre {
                // As in use: around the candidate that the finder puts first.
                let middle = store.nodules[scan].first { $0.nodule == place.nodule && !$0.isCentre } ?? place
                let said = try Engine.withoutGradients {
                    let input = try Tensor(
                        store.blocks[scan].cube(around: middle.voxel, side: side), shape: [1, 1, side, side, side]
                    ).moved(to: device)
                    return try finished(input, executor).sigmoid().floats()
                }
                let own =
                    NodulePiece.middle(of: said.map { $0 >= 0.5 ? 1 : 0 }, side: side, reach: NoduleMaskReach.voxels)
                    ?? [UInt8](repeating: 0, count: said.count)
                let read = mask(of: place, around: middle.voxel)
                // What of the nodule lies outside of the block counts as missed.
                let whole = store.masks[scan].values.count { store.scans[scan].source == .patch ? $0 != 0 : Int($0) == place.nodule }
                let marked = own.reduce(0) { $0 + Int($1) }
                let both = zip(own, read).count { $0 != 0 && $1 != 0 }
                guard whole > 0 else { continue }
                dices.append(2 * Double(both) / Double(whole + marked))
                ratios.append(Double(marked) / Double(whole))
                series.append(store.scans[scan].series)
            }
        }
        let values = dices
        let interval =
            PatientBootstrap(patients: series, draws: 1_000, seed: 1).intervals { weights in
                let total = weights.reduce(0, +)
                return [total > 0 ? zip(values, weights).reduce(0) { $0 + $1.0 * Double($1.1) } / Double(total) : nil]
            }.first ?? nil
        let sorted = ratios.sorted()
        let text = "masks around the finder's candidate, threshold 0.5, the piece in the middle, against those of the patches"
        var found: [NoduleTrainingRun.Figures.Figure] = []
        if let interval {
            found.append(
                NoduleTrainingRun.Figures.Figure(
                    name: "dice", value: interval.value, low: interval.low, high: interval.high, protocolText: "mean Dice of \(text)"))
        }
        if !sorted.isEmpty {
            for (name, place) in [("volume_ratio_median", 0.5), ("volume_ratio_p05", 0.05), ("volume_ratio_p95", 0.95)] {
                found.append(
                    NoduleTrainingRun.Figures.Figure(
                        name: name, value: sorted[min(sorted.count - 1, Int(place * Double(sorted.count)))],
                        protocolText: "volume over the reader's, of \(text)"))
            }
        }
        return NoduleTrainingRun.Figures(
            fold: fold, series: Set(series).count, nodules: dices.count, others: 0, figures: found)
    }

    func onnxModel(description: String, version: String) throws -> ONNXModel {
        let finished = try NoduleSegmenter(seed: settings.seed)
        try finished.load(trainer.average.arrays())
        return try finished.onnxModel(description: description, version: version)
    }

    func dataText(_ scans: [NoduleExamples.Scan]) -> String {
        let (real, drawn) = (scans.filter { $0.source == .patch }, scans.filter { $0.source == .drawn })
        return """
            Masks of \(real.count) nodules of LUNA16 patches (LIDC-IDRI, CC BY 3.0; masks cut by node21_generation_baseline) and of the \
            nodules of \(drawn.count) drawn scans.
            """
    }

    var summary: String {
        "Outlines the nodule in the middle of a block of 48 mm on CT: a small 3-D U-Net, learnt from masks of LUNA16 patches and drawn scans."
    }

    var intendedUse: String {
        """
        Outlines nodules on chest CT of adults that were pointed at, for their size, in research. Not for diagnosis, follow-up or any decision \
        on a patient.
        """
    }

    var limits: [String] {
        [
            "Nodules over 45 mm do not fit into its block: what lies beyond is missed.",
            "The readers' masks that it learnt from are generous: they reach beyond the edge that a threshold would draw.",
            "Ground-glass nodules are rare among the masks.",
        ]
    }
}
