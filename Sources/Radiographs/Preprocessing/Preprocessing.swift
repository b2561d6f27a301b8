import CPixels
import Findings
import Geometry

/// The steps between a decoded image and a network's input: explicit, in the model's card, the same code in training and in use.
public struct Preprocessing: Codable, Hashable, Sendable {
    /// Steps on the image, then one letterbox, then steps on the network's numbers.
    public var steps: [PreprocessingStep]

    public init(steps: [PreprocessingStep]) { self.steps = steps }

    /// - Throws: `RadiographError` unless there is exactly one letterbox with image steps before it and `normalise` after it, and every
    ///   number is in its range.
    public func validated() throws -> Preprocessing {
        func refuse(_ reason: String) -> RadiographError { RadiographError(.unsupported, "preprocessing: \(reason)") }
        guard steps.count(where: \.isLetterbox) == 1, let place = steps.firstIndex(where: \.isLetterbox) else {
            throw refuse("there must be exactly one letterbox")
        }
        for (index, step) in steps.enumerated() {
            switch step {
            case .percentileWindow(let low, let high):
                guard index < place, 0 <= low, low < high, high <= 100 else {
                    throw refuse("percentile_window takes 0 <= low < high <= 100, before the letterbox")
                }
            case .sector:
                guard index < place else { throw refuse("sector goes before the letterbox") }
            case .bodyStandard(let deviations):
                guard index < place, (0.5...20).contains(deviations) else {
                    throw refuse("body_standard takes 0.5 to 20 deviations, before the letterbox")
                }
            case .clahe(let tiles, let clipLimit):
                guard index < place, (1...64).contains(tiles), (1...1_000_000).contains(clipLimit) else {
                    throw refuse("clahe takes 1 to 64 tiles and a limit of 1 to 1000000, before the letterbox")
                }
            case .medianFilter(let radius):
                guard index < place, (1...8).contains(radius) else {
                    throw refuse("median_filter takes a radius of 1 to 8, before the letterbox")
                }
            case .nonLocalMeans(let patchRadius, let searchRadius, let strength):
                guard index < place, (1...5).contains(patchRadius), (1...15).contains(searchRadius), strength > 0, strength <= 100
                else {
                    throw refuse(
                        "non_local_means takes radii of 1 to 5 and 1 to 15 and a strength above 0, at most 100, before the letterbox")
                }
            case .letterbox(let width, let height, let fill):
                guard (32...4096).contains(width), (32...4096).contains(height), (0...1).contains(fill) else {
                    throw refuse("letterbox takes 32 to 4096 pixels and a fill of 0 to 1")
                }
            case .normalise(let mean, let standardDeviation):
                guard index > place, mean.magnitude <= 1_000_000, (1e-6...1_000_000).contains(standardDeviation) else {
                    throw refuse(
                        "normalise takes a mean of -1000000 to 1000000 and a deviation of 0.000001 to 1000000, after the letterbox")
                }
            }
        }
        return self
    }

    /// The steps before the letterbox.
    public func enhanced(_ image: PixelImage) -> PixelImage {
        steps.reduce(image) { image, step in
            switch step {
            case .percentileWindow(let low, let high): image.percentileWindowed(low: low, high: high)
            case .sector: image.sectorAlone()
            case .bodyStandard(let deviations): image.bodyStandardised(deviations: deviations)
            case .clahe(let tiles, let clipLimit): image.locallyEqualised(tiles: tiles, clipLimit: clipLimit)
            case .medianFilter(let radius): image.medianFiltered(radius: radius)
            case .nonLocalMeans(let patchRadius, let searchRadius, let strength):
                image.nonLocalMeansFiltered(patchRadius: patchRadius, searchRadius: searchRadius, strength: strength)
            case .letterbox, .normalise: image
            }
        }
    }

    /// The steps after the letterbox, on values in 0...maximum.
    public func normalise(_ values: inout [Float], maximum: Float = 1) {
        var divisor = maximum
        for case .normalise(let mean, let standardDeviation) in steps {
            let (shift, scale) = (Float(mean), Float(1 / standardDeviation))
            values.withUnsafeMutableBufferPointer { cp_normalise($0.baseAddress, $0.count, divisor, shift, scale) }
            divisor = 1
        }
        if divisor != 1 { values.withUnsafeMutableBufferPointer { cp_normalise($0.baseAddress, $0.count, divisor, 0, 1) } }
    }

    /// Whether a reduced image gives nearly the same input: filters that look at neighbours depend on the size of a pixel.
    public var allowsReduction: Bool {
        steps.allSatisfy { step in
            switch step {
            case .percentileWindow, .bodyStandard, .letterbox, .normalise: true
            case .sector, .clahe, .medianFilter, .nonLocalMeans: false
            }
        }
    }

    /// The side of the network's input that an image must at least cover; `nil` where there is no letterbox.
    public var inputSide: Int? {
        guard case .letterbox(let width, let height, _)? = steps.first(where: \.isLetterbox) else { return nil }
        return max(width, height)
    }

    /// Everything: a decoded image to what the network takes.
    /// - Throws: `RadiographError` where there is no letterbox.
    public func modelInput(_ image: PixelImage) throws -> ModelInput {
        try modelInput(ReducedImage(image), histogram: nil)
    }

    /// Everything, of a picture in colour: each plane by itself, one behind the other.
    /// - Parameters:
    ///   - colour: As decoded, of the same reduction as `image`.
    ///   - image: The grey of the same picture.
    /// - Throws: `RadiographError` where there is no letterbox.
    public func modelInput(_ colour: ColourPlanes, of image: ReducedImage) throws -> ModelInput {
        let planes = try colour.planes.map { plane in
            try modelInput(
                ReducedImage(plane, width: image.width, height: image.height, reduction: image.reduction), histogram: nil)
        }
        return ModelInput(
            width: planes[0].width, height: planes[0].height, values: planes.flatMap(\.values), transform: planes[0].transform)
    }

    /// Everything, from an image that may have been decoded at a part of its size.
    /// - Parameter histogram: The image's own, where it is known already.
    /// - Throws: `RadiographError` where there is no letterbox.
    public func modelInput(_ image: ReducedImage, histogram: GreyHistogram?) throws -> ModelInput {
        guard case .letterbox(let width, let height, let fill)? = steps.first(where: \.isLetterbox) else {
            throw RadiographError(.unsupported, "preprocessing: there is no letterbox")
        }
        // A window alone, as is usual, is applied while the image is resampled.
        var (enhanced, curve) = (image.pixels, GreyCurve?.none)
        let filters = steps.prefix { !$0.isLetterbox }
        if filters.count == 1, case .percentileWindow(let low, let high) = filters[0] {
            curve = (histogram ?? enhanced.histogram()).windowCurve(low: low, high: high)
        } else {
            enhanced = self.enhanced(enhanced)
        }
        let transform = LetterboxTransform(imageWidth: image.width, imageHeight: image.height, inputWidth: width, inputHeight: height)
        let maximum = Float(enhanced.maximum)
        var values = enhanced.resampled(
            from: image.inReducedPixels(transform.inputFrame(width: width, height: height)), width: width, height: height,
            fill: Float(fill) * maximum, curve: curve)
        normalise(&values, maximum: maximum)
        return ModelInput(width: width, height: height, values: values, transform: transform)
    }
}

/// What a network takes: one image's numbers and the way back to its pixels.
public struct ModelInput: Sendable {
    public let width: Int
    public let height: Int
    /// [C * height * width], row-major, one channel behind the other.
    public let values: [Float]
    public let transform: LetterboxTransform
}
