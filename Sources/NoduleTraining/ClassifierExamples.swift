import Basics
import Foundation
import Networks
import NoduleExamples
import Tensors

/// Pairs of cubes and whether a nodule is in their middle.
struct ClassifierBatch {
    var fine: [Float] = []
    var coarse: [Float] = []
    var targets: [Float] = []

    mutating func append(
        _ block: VoxelBlock, _ voxel: SIMD3<Int>, bounds: VoxelBounds?, orientation: CubeOrientation = CubeOrientation(),
        target: Float = 0, change: (Float) -> Float = { $0 }
    ) {
        let side = NoduleClassifier.side
        fine += orientation.turned(block.cube(around: voxel, side: side, spacing: 1, bounds: bounds), side: side).map(change)
        coarse += orientation.turned(block.cube(around: voxel, side: side, spacing: 2, bounds: bounds), side: side).map(change)
        targets.append(target)
    }

    func tensors(_ device: Device) throws -> (fine: Tensor, coarse: Tensor) {
        let shape = [targets.count, 1] + [Int](repeating: NoduleClassifier.side, count: 3)
        return (try Tensor(fine, shape: shape).moved(to: device), try Tensor(coarse, shape: shape).moved(to: device))
    }
}

/// Draws batches for the classifier: half nodules, half other candidates, of real patches and of drawn scans.
struct ClassifierSource {
    let store: ExampleStore
    let settings: NoduleTrainingSettings
    private let scans: (patch: [Int], drawn: [Int])
    private let offsets: [SIMD3<Int>]
    private let negatives: (patch: [ExampleStore.Place], drawn: [ExampleStore.Place])
    /// Those that scored highest, once they were looked for.
    private var hard: (patch: [ExampleStore.Place], drawn: [ExampleStore.Place]) = ([], [])

    init(_ store: ExampleStore, training: [Int], settings: NoduleTrainingSettings) throws {
        (self.store, self.settings) = (store, settings)
        func chosen(_ source: NoduleExamples.Source) -> [Int] { training.filter { store.scans[$0].source == source } }
        scans = (chosen(.patch), chosen(.drawn))
        negatives = (scans.patch.flatMap { store.others[$0] }, scans.drawn.flatMap { store.others[$0] })
        offsets = store.offsets(training)
        guard training.contains(where: { !store.nodules[$0].isEmpty }), !(negatives.patch + negatives.drawn).isEmpty else {
            throw NoduleExampleError(.tooFew, "the examples to learn from have no nodule, or nothing that is none")
        }
    }

    var negativeCount: Int { negatives.patch.count + negatives.drawn.count }
    var patchNegatives: Int { negatives.patch.count }
    var drawnNegatives: Int { negatives.drawn.count }

    func batch(_ random: inout SeededGenerator) -> ClassifierBatch {
        var batch = ClassifierBatch()
        let positives = Int((Double(settings.batchSize) * settings.positiveShare).rounded())
        for number in 0..<settings.batchSize {
            let isNodule = number < positives
            let hasBoth = isNodule ? !scans.patch.isEmpty && !scans.drawn.isEmpty : !negatives.patch.isEmpty && !negatives.drawn.isEmpty
            let hasDrawn = isNodule ? !scans.drawn.isEmpty : !negatives.drawn.isEmpty
            let isDrawn = hasBoth ? random.uniform() < settings.drawnShare : hasDrawn
            guard let (place, shift) = isNodule ? nodule(isDrawn, &random) : other(isDrawn, &random) else { continue }
            let voxel = place.voxel &+ shift
            // Ends of a patch come with every kind of example alike, so that they say nothing.
            var bounds: VoxelBounds?
            if isNodule || isDrawn, !isDrawn || random.uniform() < 0.5, let offset = random.element(of: offsets) {
                bounds = ExampleStore.bounds(around: voxel, offset: offset)
            }
            let (gain, level) = (Float(random.uniform(0.9...1.1)), Float(random.uniform(-0.04...0.04)))
            batch.append(
                store.blocks[place.scan], voxel, bounds: bounds,
                orientation: CubeOrientation(number: random.index(below: CubeOrientation.count)), target: isNodule ? 1 : 0,
                change: { min(max(($0 + 1) * gain - 1 + level, -1), 1) })
        }
        return batch
    }

    private func nodule(_ isDrawn: Bool, _ random: inout SeededGenerator) -> (ExampleStore.Place, SIMD3<Int>)? {
        guard let scan = random.element(of: isDrawn ? scans.drawn : scans.patch) else { return nil }
        // Every nodule as often as the others, however many candidates hit it.
        let centres = store.nodules[scan].filter(\.isCentre)
        guard let centre = random.element(of: centres) else { return nil }
        let places = store.nodules[scan].filter { $0.nodule == centre.nodule }
        guard let place = random.uniform() < 0.5 ? centre : random.element(of: places) else { return nil }
        return (place, random.shift(max(1, min(3, Int((place.diameter ?? 0) / 6)))))
    }

    private func other(_ isDrawn: Bool, _ random: inout SeededGenerator) -> (ExampleStore.Place, SIMD3<Int>)? {
        let (all, hardest) = isDrawn ? (negatives.drawn, hard.drawn) : (negatives.patch, hard.patch)
        let list = !hardest.isEmpty && random.uniform() < settings.hardShare ? hardest : all
        return random.element(of: list).map { ($0, random.shift(1)) }
    }

    /// Looks for the negatives that score highest: a twelfth of each kind.
    /// - Parameter scores: Of a list of places.
    mutating func mine(_ random: inout SeededGenerator, most: Int = 6_000, scores: ([ExampleStore.Place]) throws -> [Float]) rethrows {
        func hardest(_ list: [ExampleStore.Place]) throws -> [ExampleStore.Place] {
            let looked = list.count <= most ? list : Array(list.shuffled(using: &random).prefix(most))
            let found = try scores(looked)
            return zip(looked, found).sorted { $0.1 > $1.1 }.prefix(max(32, looked.count / 12)).map(\.0)
        }
        hard = (try hardest(negatives.patch), try hardest(negatives.drawn))
    }
}
