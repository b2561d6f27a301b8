import Findings

/// The ordered list of steps from a radiograph to a network's input, as a model's card has it: a JSON array of steps.
public struct Preprocessing: Hashable, Sendable {
    public var steps: [PreprocessingStep]

    public init(steps: [PreprocessingStep]) { self.steps = steps }

    /// The size of the network's input and the grey around the image in 0...1; `nil` where the list has no letterbox.
    public var letterbox: (width: Int, height: Int, fill: Double)? {
        for case .letterbox(let width, let height, let fill) in steps { return (width, height, fill) }
        return nil
    }

    /// This list, if it has exactly one letterbox, image steps before it, normalising after it, and sensible values.
    /// - Throws: `RadiographError`, code `badPreprocessing`.
    @discardableResult
    public func validated() throws -> Preprocessing {
        for step in steps { try step.checkValues() }
        guard steps.count(where: { $0.stage == .letterbox }) == 1 else {
            throw RadiographError(.badPreprocessing, "the list needs exactly one \"letterbox\"")
        }
        for (step, next) in zip(steps, steps.dropFirst()) where next.stage < step.stage {
            throw RadiographError(.badPreprocessing, "step \"\(next.name)\" cannot come after \"\(step.name)\"")
        }
        return self
    }

    /// The steps before the letterbox: same size, same depth.
    public func enhanced(_ image: PixelImage) throws -> PixelImage {
        try steps.reduce(image) { image, step in
            try step.checkValues()
            return switch step {
            case .percentileWindow(let low, let high): image.percentileWindowed(low: low, high: high)
            case .clahe(let tiles, let clipLimit): image.locallyEqualised(tiles: tiles, clipLimit: clipLimit)
            case .medianFilter(let radius): image.medianFiltered(radius: radius)
            case .nonLocalMeans(let patchRadius, let searchRadius, let strength):
                image.nonLocalMeansFiltered(patchRadius: patchRadius, searchRadius: searchRadius, strength: strength)
            case .letterbox, .normalise: image
            }
        }
    }

    /// All steps.
    public func modelInput(_ image: PixelImage) throws -> ModelInput {
        try validated()
        guard let (width, height, _) = letterbox else { throw RadiographError(.badPreprocessing, "the list has no \"letterbox\"") }
        let transform = LetterboxTransform(imageWidth: image.width, imageHeight: image.height, width: width, height: height)
        let values = try inputValues(enhanced: enhanced(image), rectangle: transform.rectangleInImage(width: width, height: height))
        return ModelInput(width: width, height: height, values: values, transform: transform)
    }

    /// The steps from the letterbox on, for any rectangle of an enhanced image: the one path of training crops and whole images.
    /// - Parameters:
    ///   - image: What `enhanced(_:)` gave.
    ///   - rectangle: What the input shows, in pixels of the image; what is past the image's edges gets the letterbox's fill.
    /// - Returns: `[H, W]` values, row-major, normalised.
    public func inputValues(enhanced image: PixelImage, rectangle: Box) throws -> [Float] {
        guard let (width, height, fill) = letterbox else { throw RadiographError(.badPreprocessing, "the list has no \"letterbox\"") }
        let maximum = Float(image.maximum)
        var values = image.resampled(from: rectangle, width: width, height: height, fill: Float(fill) * maximum)
        scale(&values, by: 1 / maximum)
        normalise(&values)
        return values
    }

    /// The steps after the letterbox, on values in 0...1, in place.
    public func normalise(_ values: inout [Float]) {
        for case .normalise(let mean, let standardDeviation) in steps {
            let (mean, factor) = (Float(mean), Float(1 / standardDeviation))
            values.withUnsafeMutableBufferPointer { values in
                for index in values.indices { values[index] = (values[index] - mean) * factor }
            }
        }
    }

    private func scale(_ values: inout [Float], by factor: Float) {
        values.withUnsafeMutableBufferPointer { values in
            for index in values.indices { values[index] *= factor }
        }
    }
}

extension Preprocessing: Codable {
    public init(from decoder: any Decoder) throws {
        steps = try decoder.singleValueContainer().decode([PreprocessingStep].self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(steps)
    }
}
