import Basics
import Evaluation
import Findings
import Geometry

/// Images with random truth and detections: boxes near the truth and anywhere, right and wrong names, scores that are often equal.
enum RandomImages {
    static func make(seed: UInt64, count: Int, classCount: Int, crowds: Bool = true, tied: Bool = true) -> [EvaluatedImage] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { index in
            var image = EvaluatedImage(id: "image-\(index)", patient: "patient-\(index / 2)", width: 300, height: 300)
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                image.truth.append(
                    TruthBox(
                        box: box(&random), classIndex: Int.random(in: 0..<classCount, using: &random),
                        isCrowd: crowds && random.uniform() < 0.1))
            }
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                var detection = Detection(
                    box: box(&random), classIndex: Int.random(in: 0..<classCount, using: &random), score: random.uniform())
                if let near = image.truth.randomElement(using: &random), random.uniform() < 0.7 {
                    let shift = random.uniform() * 0.3
                    detection.box = Box(
                        x: (near.box.x + random.uniform(-1...1) * shift * near.box.width).rounded(),
                        y: (near.box.y + random.uniform(-1...1) * shift * near.box.height).rounded(),
                        width: (near.box.width * (1 + shift * random.uniform())).rounded(),
                        height: (near.box.height * (1 - shift * random.uniform())).rounded())
                    if random.uniform() < 0.8 { detection.classIndex = near.classIndex }
                }
                if tied { detection.score = (detection.score * 15).rounded() / 15 }
                image.detections.append(detection)
            }
            return image
        }
    }

    private static func box(_ random: inout SeededGenerator) -> Box {
        Box(
            x: random.uniform(0...200).rounded(), y: random.uniform(0...200).rounded(), width: random.uniform(10...100).rounded(),
            height: random.uniform(10...100).rounded())
    }

    /// How often each image is drawn.
    static func draw(seed: UInt64, count: Int) -> [Int] {
        var random = SeededGenerator(seed: seed, stream: 7)
        var draw = Array(repeating: 0, count: count)
        for _ in 0..<count { draw[Int.random(in: 0..<count, using: &random)] += 1 }
        return draw
    }

    /// The images, each as often as it was drawn.
    static func drawn(_ images: [EvaluatedImage], _ draw: [Int]) -> [EvaluatedImage] {
        zip(images, draw).flatMap { image, times in Array(repeating: image, count: times) }
    }
}
