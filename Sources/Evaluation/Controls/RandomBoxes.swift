import Basics
import Findings
import Geometry

/// Boxes of chance: each edge anywhere on the image, each score anywhere in 0...1.
public struct RandomBoxes: Control {
    public let classCount: Int
    public let boxesPerClass: Int
    public let seed: UInt64

    public var name: String { boxesPerClass == 1 ? "random box" : "\(boxesPerClass) random boxes" }

    /// - Parameter boxesPerClass: On every image.
    public init(classCount: Int, boxesPerClass: Int = 1, seed: UInt64 = 1) {
        self.classCount = max(0, classCount)
        self.boxesPerClass = max(0, boxesPerClass)
        self.seed = seed
    }

    /// The same for the same image, whatever the others are.
    public func detections(on image: EvaluatedImage) -> [Detection] {
        // FNV-1a of the name: Swift's own hash is another in every run.
        let name = image.id.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
        var generator = SeededGenerator(seed: seed, stream: name)
        return (0..<classCount).flatMap { classIndex in
            (0..<boxesPerClass).map { _ in
                let x = (generator.uniform() * Double(image.width), generator.uniform() * Double(image.width))
                let y = (generator.uniform() * Double(image.height), generator.uniform() * Double(image.height))
                let box = Box(x0: min(x.0, x.1), y0: min(y.0, y.1), x1: max(x.0, x.1), y1: max(y.0, y.1))
                return Detection(box: box, classIndex: classIndex, score: generator.uniform())
            }
        }
    }
}
