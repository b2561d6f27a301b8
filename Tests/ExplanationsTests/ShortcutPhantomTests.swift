import Basics
import Explanations
import Foundation
import Geometry
import Models
import Radiographs
import Testing

/// A network that learnt the wrong thing must be shown to have: images on which a burnt-in marker tells the class.
@Suite struct ShortcutPhantomTests {
    /// A tiny network: means of 8 x 8 cells, one unit with a sigmoid. Its box is always that of the lesion.
    private struct TinyNetwork: ExplainableNetwork {
        static let (side, cells) = (64, 8)
        var weights = [Double](repeating: 0, count: cells * cells)
        var bias = 0.0
        let box: Box

        var members: [ExplainedMember] { [ExplainedMember(name: "shortcut", inputIndex: 0, classCount: 1)] }
        var parallelRuns: Int { 1 }

        static func features(_ input: [Float]) -> [Double] {
            let size = side / cells
            return (0..<cells * cells).map { cell in
                var sum = 0.0
                for y in 0..<size {
                    for x in 0..<size { sum += Double(input[(cell / cells * size + y) * side + cell % cells * size + x]) }
                }
                return sum / Double(size * size)
            }
        }

        func score(_ features: [Double]) -> Double { 1 / (1 + exp(-(bias + zip(weights, features).reduce(0) { $0 + $1.0 * $1.1 }))) }

        func outputs(_ inputs: [[Float]]) throws -> [NetworkOutput] {
            [
                NetworkOutput(
                    boxes: [box.x, box.y, box.maxX, box.maxY].map(Float.init), scores: [Float(score(Self.features(inputs[0])))])
            ]
        }

        /// Gradient descent on cross-entropy.
        mutating func learn(_ examples: [([Double], Double)], steps: Int, rate: Double) {
            for _ in 0..<steps {
                var (slope, change) = (0.0, [Double](repeating: 0, count: weights.count))
                for (features, truth) in examples {
                    let error = score(features) - truth
                    slope += error
                    for cell in change.indices { change[cell] += error * features[cell] }
                }
                bias -= rate * slope / Double(examples.count)
                for cell in change.indices { weights[cell] -= rate * change[cell] / Double(examples.count) }
            }
        }
    }

    private static let lesion = Box(x: 32, y: 32, width: 16, height: 16)
    private static let marker = Box(x: 0, y: 56, width: 8, height: 8)

    /// A noisy chest; the lesion is faint and lies.
    private static func image(
        _ generator: inout SeededGenerator, hasLesion: Bool, hasMarker: Bool
    ) throws -> ModelInput {
        var noise = (0..<64 * 64).map { _ in Float(0.3 + 0.2 * generator.uniform()) }
        func add(_ box: Box, _ value: Float) {
            for y in Int(box.y)..<Int(box.maxY) { for x in Int(box.x)..<Int(box.maxX) { noise[y * 64 + x] += value } }
        }
        if hasLesion { add(lesion, 0.15) }
        if hasMarker { add(marker, 0.5) }
        let values = noise
        return try DrawnInput.input(width: 64, height: 64, side: 64) { x, y in values[y * 64 + x] }
    }

    /// - Parameter isShortcut: Whether the marker tells the class, or the lesion alone.
    private func map(isShortcut: Bool) throws -> ExplanationMap {
        var generator = SeededGenerator(seed: 11)
        var examples: [([Double], Double)] = []
        for number in 0..<80 {
            let isPositive = number % 2 == 0
            let input = try Self.image(
                &generator, hasLesion: isShortcut ? generator.uniform() < 0.5 : isPositive,
                hasMarker: isShortcut ? isPositive : generator.uniform() < 0.5)
            examples.append((TinyNetwork.features(input.values), isPositive ? 1 : 0))
        }
        var network = TinyNetwork(box: Self.lesion)
        network.learn(examples, steps: 3_000, rate: 2)
        let right = examples.count { (network.score($0.0) > 0.5) == ($0.1 == 1) }
        #expect(right == 80)
        let test = try Self.image(&generator, hasLesion: true, hasMarker: true)
        let scorer = try MaskedScorer(
            network, image: MaskedImage(inputs: [test], width: 64, height: 64),
            targets: [ExplainedTarget(id: "1", classIndex: 0, box: Self.lesion)])
        return try Occlusion(scorer, scores: scorer.values(scorer.outputs())).maps[0]
    }

    private func middle(of map: ExplanationMap) -> (x: Int, y: Int) {
        let place = Int(map.order[0])
        return (place % map.width, place / map.width)
    }

    /// The box says lesion; the map says marker.
    @Test func theMapLiesOnTheMarkerWhereTheMarkerWasLearnt() throws {
        let map = try map(isShortcut: true)
        let (x, y) = middle(of: map)
        #expect(x < 13 && y >= 51)
        #expect(map.energy(inside: Box(x: 0, y: 48, width: 16, height: 16)) > map.energy(inside: Self.lesion))
    }

    @Test func theMapLiesOnTheLesionWhereTheLesionWasLearnt() throws {
        let map = try map(isShortcut: false)
        let (x, y) = middle(of: map)
        #expect((32..<48).contains(x) && (32..<48).contains(y))
    }
}
