import Basics
import Findings
import Foundation
import Geometry
import Models
import Radiographs

/// What kernels work on: the same on every machine and in every run.
enum Sample {
    static let side = 1_024
    static let classes = 8
    private static let places = 2_034

    /// [side * side], 0...255: two dark fields on a light ground, with grain, so that encoders have as much to do as with a radiograph.
    static func grey() -> [UInt16] {
        var random = SeededGenerator(seed: 1)
        return (0..<side * side).map { index in
            let (x, y) = (Double(index % side) / Double(side), Double(index / side) / Double(side))
            let lung = min(abs(x - 0.3), abs(x - 0.7)) < 0.13 && abs(y - 0.5) < 0.33
            return UInt16((lung ? 60 : 170) + 50 * y + 12 * random.uniform())
        }
    }

    static func findings() -> [Finding] {
        (0..<3).map { index in
            Finding(
                id: String(index + 1), findingClass: FindingClass(id: index + 1, name: "Finding \(index + 1)"),
                score: 0.9 - 0.2 * Double(index), geometry: .box(Box(x: 120 + 250 * Double(index), y: 300, width: 200, height: 260)))
        }
    }

    /// As a network's scores lie: some thirty of all are above 0.3, a sixth is above 0.001.
    static func output() -> NetworkOutput {
        var random = SeededGenerator(seed: 2)
        var boxes: [Float] = []
        for _ in 0..<places {
            let (x, y) = (random.uniform(0...260), random.uniform(0...260))
            boxes += [x, y, x + random.uniform(10...60), y + random.uniform(10...60)].map(Float.init)
        }
        let scores = (0..<places * classes).map { _ in Float(min(1, pow(random.uniform(), 600) + 0.0012 * random.uniform())) }
        return NetworkOutput(boxes: boxes, scores: scores)
    }

    /// A hundred boxes of each of three sources, near each other.
    static func votes() -> [BoxFusion.Vote] {
        var random = SeededGenerator(seed: 3)
        let places = (0..<100).map { _ in Box(x: random.uniform(0...900), y: random.uniform(0...900), width: 80, height: 90) }
        return (0..<3).flatMap { source in
            places.enumerated().map { index, place in
                let box = Box(
                    x: place.x + random.uniform(-9...9), y: place.y + random.uniform(-9...9), width: place.width, height: place.height)
                return BoxFusion.Vote(Detection(box: box, classIndex: index % classes, score: random.uniform(0.05...0.95)), source: source)
            }
        }
    }
}
