import Explanations
import Foundation
import Geometry
import Models
import Radiographs
import Testing

@Suite struct MapTests {
    private let side = 320
    private let rectangle = Box(x: 96, y: 128, width: 128, height: 96)

    private func scorer(network: RectangleNetwork? = nil) throws -> MaskedScorer {
        let image = try MaskedImage(inputs: [try DrawnInput.bright(rectangle, side: side)], width: side, height: side)
        return try MaskedScorer(
            network ?? RectangleNetwork(side: side, rectangle: rectangle), image: image,
            targets: [ExplainedTarget(id: "1", classIndex: 0, box: rectangle)])
    }

    /// An occlusion map by its definition: for each pixel the mean loss of the small windows over it, else that of its large window.
    @Test func theOcclusionMapOfALinearNetworkIsKnown() throws {
        let image = try MaskedImage(inputs: [try DrawnInput.bright(rectangle, side: side)], width: side, height: side, fill: .mean)
        let scorer = try MaskedScorer(
            RectangleNetwork(side: side, rectangle: rectangle), image: image,
            targets: [ExplainedTarget(id: "1", classIndex: 0, box: rectangle)])
        let occlusion = try Occlusion(scorer, scores: [1])
        let plan = OcclusionPlan(boxes: [rectangle], plane: scorer.plane)
        #expect(occlusion.runs == plan.windows.count && (60...120).contains(plan.windows.count))
        let mean = rectangle.area / Double(side * side)
        func loss(_ window: OcclusionPlan.Window) -> Double {
            let box = Box(
                x0: Double(window.left), y0: Double(window.top), x1: Double(window.right), y1: Double(window.bottom))
            return box.intersection(rectangle).area / rectangle.area * (1 - mean)
        }
        var raw = [Double](repeating: 0, count: side * side)
        for place in raw.indices {
            let (x, y) = (place % side, place / side)
            func covers(_ number: Int) -> Bool {
                let window = plan.windows[number]
                return x >= window.left && x < window.right && y >= window.top && y < window.bottom
            }
            let near = plan.shares[0].near.map(\.window).filter(covers)
            raw[place] =
                near.isEmpty
                ? plan.far.filter(covers).map { loss(plan.windows[$0]) }[0]
                : near.map { loss(plan.windows[$0]) }.reduce(0, +) / Double(near.count)
        }
        // Then half a stride of blur.
        let deviation = plan.shares[0].stride / 2
        let radius = Int((3 * deviation).rounded(.up))
        let bell = (-radius...radius).map { exp(-0.5 * Double($0 * $0) / (deviation * deviation)) }
        let sum = bell.reduce(0, +)
        for (x, y) in [(160, 176), (96, 128), (20, 300), (230, 120), (300, 10)] {
            var expected = 0.0
            for (row, down) in zip(-radius...radius, bell) {
                for (column, across) in zip(-radius...radius, bell) {
                    let (x, y) = (min(side - 1, max(0, x + column)), min(side - 1, max(0, y + row)))
                    expected += down * across / (sum * sum) * raw[y * side + x]
                }
            }
            #expect(abs(Double(occlusion.maps[0].values[y * side + x]) - expected) < 1e-5)
        }
        #expect(occlusion.agreement[0] > 0.9)
    }

    @Test func mapsLieOnWhatTheNetworkLooksAt() throws {
        let scorer = try scorer()
        let occlusion = try Occlusion(scorer, scores: [1]).maps[0]
        // A window that only touches the rectangle costs something, too: half a window around it belongs to it.
        let reach = Box(x: rectangle.x - 24, y: rectangle.y - 24, width: rectangle.width + 48, height: rectangle.height + 48)
        #expect(occlusion.energy(inside: reach) > 0.9)
        let random = try RandomMaskMaps(
            scorer, scores: [1], masks: RandomMasks(plane: scorer.plane, seed: 7), first: 400, most: 400)
        #expect(random.runs == 400 && random.agreement[0] > 0.5)
        // What lies under the tenth that is hottest is the rectangle.
        for map in [occlusion, random.maps[0]] {
            let hottest = map.order.prefix(side * side / 10)
            let inside = hottest.count { place in
                let (x, y) = (Double(Int(place) % side), Double(Int(place) / side))
                return x >= rectangle.x && x < rectangle.maxX && y >= rectangle.y && y < rectangle.maxY
            }
            #expect(Double(inside) / Double(hottest.count) > 0.9)
        }
    }

    @Test func theSameSeedMakesTheSameMap() throws {
        let scorer = try scorer()
        func map(_ seed: UInt64) throws -> ExplanationMap {
            try RandomMaskMaps(scorer, scores: [1], masks: RandomMasks(plane: scorer.plane, seed: seed), first: 64, most: 64).maps[0]
        }
        #expect(try map(3) == map(3))
        #expect(try map(3) != map(4))
        let masks = RandomMasks(plane: scorer.plane, seed: 3)
        let mean = (0..<50).map { masks.mask($0).reduce(0, +) / Float(side * side) }.reduce(0, +) / 50
        #expect(abs(mean - 0.5) < 0.03)
        #expect(masks.mask(1).allSatisfy { (0...1).contains($0) })
    }

    /// Masks are drawn on where the halves do not agree, up to the limit.
    @Test func masksAreDoubledWhereTheHalvesDoNotAgree() throws {
        // A rectangle of one pixel: hardly a mask says anything of it.
        let tiny = Box(x: 40, y: 40, width: 1, height: 1)
        let image = try MaskedImage(inputs: [try DrawnInput.bright(tiny, side: 64)], width: 64, height: 64)
        let noise = MaskHash(side: 64)
        let scorer = try MaskedScorer(noise, image: image, targets: [ExplainedTarget(id: "1", classIndex: 0, box: tiny)])
        let maps = try RandomMaskMaps(scorer, scores: [0.5], masks: RandomMasks(plane: scorer.plane, seed: 1), first: 20, most: 70)
        #expect(maps.runs == 70 && maps.agreement[0] < 0.5)
    }

    @Test func theScoreMapIsTheScoresAtTheMiddlesOfTheBoxes() throws {
        let input = try DrawnInput.bright(rectangle, side: side)
        let image = try MaskedImage(inputs: [input], width: side, height: side)
        let output = NetworkOutput(boxes: [90, 90, 110, 110, 190, 30, 210, 50], scores: [0.1, 0.8, 0.9, 0.4])
        let network = TwoClasses()
        let map = ScoreMap.map(classIndex: 1, outputs: [output], of: network, image: image)
        for (x, y, score) in [(100.0, 100.0, 0.8), (200, 40, 0.4)] {
            for (dx, dy) in [(0.0, 0.0), (16, 0), (0, -24)] {
                let expected = score * exp(-0.5 * (dx * dx + dy * dy) / 256)
                let value = Double(map.values[Int(y + dy) * side + Int(x + dx)])
                // Drawn straight between cells of 4 px.
                #expect(abs(value - expected) < 0.02)
            }
        }
        #expect(map.values[300 * side + 300] == 0)
    }

    @Test func largeBoxesCostNoMoreRunsThanSmallOnes() throws {
        let plane = try scorer().plane
        let boxes = [
            Box(x: 0, y: 0, width: 320, height: 320), Box(x: 5, y: 5, width: 4, height: 4), Box(x: 300, y: 280, width: 20, height: 40),
            Box(x: 60, y: 150, width: 220, height: 120),
        ]
        for box in boxes {
            let plan = OcclusionPlan(boxes: [box], plane: plane)
            #expect(plan.windows.count <= 120 && !plan.shares[0].near.isEmpty)
            // Everything is hidden once, and nothing outside.
            var seen = [Bool](repeating: false, count: plane.count)
            for window in plan.windows {
                #expect(window.left >= 0 && window.top >= 0 && window.right <= 320 && window.bottom <= 320 && window.left < window.right)
            }
            for number in plan.far {
                let window = plan.windows[number]
                for row in window.top..<window.bottom {
                    for column in window.left..<window.right { seen[row * 320 + column] = true }
                }
            }
            #expect(seen.allSatisfy { $0 })
        }
    }
}

/// A score that is no more than a hash of the input.
private struct MaskHash: ExplainableNetwork {
    let side: Int
    var members: [ExplainedMember] { [ExplainedMember(name: "hash", inputIndex: 0, classCount: 1)] }
    var parallelRuns: Int { 1 }

    func outputs(_ inputs: [[Float]]) throws -> [NetworkOutput] {
        let hash = inputs[0].reduce(UInt32(17)) { $0 &* 31 &+ $1.bitPattern }
        return [NetworkOutput(boxes: [40, 40, 41, 41], scores: [Float(hash % 1_000) / 1_000])]
    }
}

private struct TwoClasses: ExplainableNetwork {
    var members: [ExplainedMember] { [ExplainedMember(name: "two", inputIndex: 0, classCount: 2)] }
    var parallelRuns: Int { 1 }
    func outputs(_ inputs: [[Float]]) throws -> [NetworkOutput] { [] }
}
