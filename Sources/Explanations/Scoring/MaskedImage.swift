import Detection
import Models
import Radiographs

/// What hidden parts of an image are filled with. Never black: black is air, and would draw a pneumothorax.
public enum Fill: String, Hashable, Sendable, CaseIterable, Codable {
    /// The image itself, blurred: a deviation of 20 px at an input of 320.
    case blurred
    /// The image's mean grey.
    case mean
}

/// An image as its networks get it, of which parts can be hidden. The letterbox's bars stay as they are.
public struct MaskedImage: Sendable {
    public let plane: ImagePlane
    /// One for each way of preprocessing.
    public let inputs: [ModelInput]
    private let fills: [[Float]]
    private let indices: [[Int32]]

    /// The deviation of the blur at an input of 320 pixels.
    static let blur = 20.0

    /// - Parameters:
    ///   - width: Columns of the image as the networks see it.
    ///   - height: Rows of the same.
    /// - Throws: `ExplanationError` where there is no input.
    public init(inputs: [ModelInput], width: Int, height: Int, fill: Fill = .blurred) throws {
        guard let first = inputs.first, width > 0, height > 0 else {
            throw ExplanationError(.unusable, "the image has no input of a network")
        }
        plane = ImagePlane(imageWidth: width, imageHeight: height, input: first)
        self.inputs = inputs
        indices = inputs.map(plane.indices(of:))
        fills = zip(inputs, indices).map { Self.filled($0, $1, fill) }
    }

    /// - Throws: `ExplanationError` where there is no input.
    public init(_ prepared: PreparedRadiograph, fill: Fill = .blurred) throws {
        try self.init(inputs: prepared.inputs, width: prepared.seenWidth, height: prepared.seenHeight, fill: fill)
    }

    /// The networks' inputs with parts of the image hidden.
    /// - Parameter visible: [plane height * plane width], 1 for a pixel that is seen, 0 for one that is filled, between them for a mixture.
    public func inputs(visible: [Float]) -> [[Float]] {
        inputs.indices.map { number in
            let (fill, places) = (fills[number], indices[number])
            var values = inputs[number].values
            let size = places.count
            values.withUnsafeMutableBufferPointer { values in
                for start in stride(from: 0, to: values.count, by: size) {
                    for place in 0..<size where places[place] >= 0 {
                        let share = visible[Int(places[place])]
                        if share < 1 { values[start + place] = values[start + place] * share + fill[start + place] * (1 - share) }
                    }
                }
            }
            return values
        }
    }

    /// A fill of the same shape as the input.
    private static func filled(_ input: ModelInput, _ indices: [Int32], _ fill: Fill) -> [Float] {
        let size = input.width * input.height
        // The image is a rectangle of the input.
        guard let first = indices.firstIndex(where: { $0 >= 0 }), let last = indices.lastIndex(where: { $0 >= 0 }) else {
            return input.values
        }
        let (left, right, top, bottom) = (first % input.width, last % input.width, first / input.width, last / input.width)
        let (columns, rows) = (right - left + 1, bottom - top + 1)
        var filled = input.values
        for start in stride(from: 0, to: filled.count, by: size) {
            var part = [Float](repeating: 0, count: columns * rows)
            for row in 0..<rows {
                for column in 0..<columns { part[row * columns + column] = filled[start + (top + row) * input.width + left + column] }
            }
            switch fill {
            case .blurred:
                part = Smoothing.gaussian(
                    part, width: columns, height: rows, deviation: blur * Double(max(input.width, input.height)) / 320)
            case .mean:
                let mean = Float(part.reduce(0) { $0 + Double($1) } / Double(part.count))
                part = [Float](repeating: mean, count: part.count)
            }
            for row in 0..<rows {
                for column in 0..<columns { filled[start + (top + row) * input.width + left + column] = part[row * columns + column] }
            }
        }
        return filled
    }
}
