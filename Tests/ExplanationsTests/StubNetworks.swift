import Explanations
import Geometry
import Models
import Radiographs

/// A network whose score is known in closed form: the mean of a rectangle of its input, at one place whose box is that rectangle.
struct RectangleNetwork: ExplainableNetwork {
    let side: Int
    /// In pixels of the input, whole numbers.
    let rectangle: Box
    /// What the box of its only place is; the rectangle if not given.
    var box: Box?
    var name = "rectangle"

    var members: [ExplainedMember] { [ExplainedMember(name: name, inputIndex: 0, classCount: 1)] }
    var parallelRuns: Int { 2 }

    func outputs(_ inputs: [[Float]]) throws -> [NetworkOutput] {
        var sum = 0.0
        for y in Int(rectangle.y)..<Int(rectangle.maxY) {
            for x in Int(rectangle.x)..<Int(rectangle.maxX) { sum += Double(inputs[0][y * side + x]) }
        }
        let shown = box ?? rectangle
        return [
            NetworkOutput(
                boxes: [shown.x, shown.y, shown.maxX, shown.maxY].map(Float.init), scores: [Float(sum / rectangle.area)])
        ]
    }
}

/// Several that read together.
struct JointNetwork: ExplainableNetwork {
    let networks: [any ExplainableNetwork]

    var members: [ExplainedMember] { networks.flatMap(\.members) }
    var parallelRuns: Int { 1 }

    func outputs(_ inputs: [[Float]]) throws -> [NetworkOutput] { try networks.flatMap { try $0.outputs(inputs) } }
}

/// Inputs that are drawn by hand.
enum DrawnInput {
    /// An image of `width` x `height` pixels, the longer side as long as the square input's, as a letterbox lays it: no pixel is resampled.
    /// - Parameters:
    ///   - bar: The grey beside the image, 0...1.
    ///   - value: Of each pixel, 0...1.
    static func input(width: Int, height: Int, side: Int, bar: Double = 0, _ value: (Int, Int) -> Float) throws -> ModelInput {
        let samples = (0..<width * height).map { UInt16((value($0 % width, $0 / width) * 65_535).rounded()) }
        let image = PixelImage(width: width, height: height, bits: 16, samples: samples)
        return try Preprocessing(steps: [.letterbox(width: side, height: side, fill: bar)]).modelInput(ReducedImage(image), histogram: nil)
    }

    /// 1 inside a box, else 0.
    static func bright(_ box: Box, side: Int) throws -> ModelInput {
        try input(width: side, height: side, side: side) { x, y in
            Double(x) >= box.x && Double(x) < box.maxX && Double(y) >= box.y && Double(y) < box.maxY ? 1 : 0
        }
    }
}
