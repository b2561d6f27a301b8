import Findings
import Geometry
import Radiographs

/// A picture reduced to a common size, so that two of any sizes can be laid over each other.
struct CoarsePicture {
    let width: Int
    let height: Int
    /// [height, width], grey of 0...1.
    let values: [Float]
    let isFlipped: Bool
    /// The size in coarse pixels before it is rounded to whole ones.
    let exactWidth: Double
    let exactHeight: Double
    private let scale: Double

    init(_ example: Example, side: Double, isFlipped: Bool) {
        let pixels = example.pixels
        scale = side / Double(max(1, example.width, example.height))
        (exactWidth, exactHeight) = (Double(example.width) * scale, Double(example.height) * scale)
        (width, height) = (max(1, Int(exactWidth.rounded())), max(1, Int(exactHeight.rounded())))
        self.isFlipped = isFlipped
        let factor = 1 / Float(pixels.maximum)
        var values = pixels.resampled(
            from: Box(x: 0, y: 0, width: Double(pixels.width), height: Double(pixels.height)), width: width, height: height, fill: 0)
        for index in values.indices { values[index] *= factor }
        if isFlipped {
            for row in 0..<height { values[row * width..<(row + 1) * width].reverse() }
        }
        self.values = values
    }

    /// From pixels of the original.
    func coarse(_ box: Box) -> Box {
        let x = box.x * scale
        return Box(
            x: isFlipped ? exactWidth - x - box.width * scale : x, y: box.y * scale, width: box.width * scale, height: box.height * scale)
    }

    /// How much brighter soft tissue is than what lies in a box, as a share of full scale: the picture's brighter parts, bones and what is
    /// denser left out, less the box's mean.
    func contrast(around box: Box) -> Float {
        // Without the picture's edges, where markers and collimators are.
        var inner: [Float] = []
        for row in height / 5..<max(height / 5 + 1, height * 4 / 5) {
            let first = row * width
            inner += values[first + width / 5..<first + max(width / 5 + 1, width * 4 / 5)]
        }
        inner.sort()
        var (sum, count) = (Float(0), Float(0))
        for row in max(0, Int(box.y))..<max(0, min(height, Int(box.maxY) + 1)) {
            for column in max(0, Int(box.x))..<max(0, min(width, Int(box.maxX) + 1)) {
                sum += values[row * width + column]
                count += 1
            }
        }
        guard count > 0, !inner.isEmpty else { return 0 }
        return max(0, inner[inner.count * 85 / 100] - sum / count)
    }

    /// To pixels of the original; of a picture that is not flipped.
    func original(_ box: Box) -> Box {
        Box(x: box.x / scale, y: box.y / scale, width: box.width / scale, height: box.height / scale)
    }
}
