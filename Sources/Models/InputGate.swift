import Findings
import Foundation
import Geometry
import Radiographs

/// Tells a frontal chest radiograph from something else, plainly: how much a tiny version of the image looks like the mean chest of the
/// training images.
///
/// The image is windowed between percentiles, squeezed to `side` x `side`, brought to zero mean and unit norm; its inner product with the
/// template is the normalised correlation, -1...1.
public struct InputGate: Hashable, Sendable {
    /// Pixels on a side of the template.
    public var side: Int
    /// [side * side], row-major; zero mean, unit norm.
    public var template: [Float]
    /// Images below are not accepted.
    public var minimumCorrelation: Double

    static let usualSide = 16
    /// Pixels that the shorter side of a chest has at least: with fewer, no finding is more than a dot.
    static let shortestSide = 32
    /// How many times as long as the other a side may be. Whole chests stay below 1.5; strips are of something else.
    static let longestShape = 3
    /// Percentiles of the window, so that markers and collimator edges do not set the scale.
    static let window = (low: 1.0, high: 99.0)

    public init(side: Int, template: [Float], minimumCorrelation: Double) {
        self.side = side
        self.template = template
        self.minimumCorrelation = minimumCorrelation
    }

    /// Learns the template from chest images.
    /// - Parameter quantile: The share of these images that the gate may turn away, 0...1.
    /// - Throws: `ModelError` where no image has any contrast.
    public static func fit(images: [PixelImage], quantile: Double) throws -> InputGate {
        let side = usualSide
        let thumbnails = images.compactMap { thumbnail($0, side: side) }
        guard !thumbnails.isEmpty else { throw ModelError(.unsupported, "an input gate cannot be fitted: no image has any contrast") }
        var sum = [Double](repeating: 0, count: side * side)
        for thumbnail in thumbnails {
            for index in sum.indices { sum[index] += Double(thumbnail[index]) }
        }
        guard let mean = normalised(sum.map(Float.init)) else {
            throw ModelError(.unsupported, "an input gate cannot be fitted: the images have no mean shape")
        }
        // Rounded as the card writes it, so that the gate in memory and the gate read back are one.
        let template = mean.map { (($0 * 10_000).rounded()) / 10_000 }
        let correlations = thumbnails.map { correlation($0, template) }.sorted()
        let cut = correlations[Int((min(max(quantile, 0), 1) * Double(correlations.count - 1)).rounded(.down))]
        return InputGate(side: side, template: template, minimumCorrelation: (cut * 10_000).rounded(.down) / 10_000)
    }

    /// Whether the image looks like the images the model learnt from; a flat image never does.
    /// - Parameter histogram: The image's own, where it is known already.
    public func accepts(_ image: PixelImage, histogram: GreyHistogram? = nil) -> Bool {
        (correlation(with: image, histogram: histogram) ?? -1) >= minimumCorrelation
    }

    /// Why an image of this size cannot show a chest, whatever its pixels look like when they are squeezed; `nil` where it can.
    static func objection(toWidth width: Int, height: Int) -> ImageWarning.Code? {
        let (shorter, longer) = (min(width, height), max(width, height))
        if shorter < shortestSide { return .tooFewPixels }
        return longer > longestShape * shorter ? .tooNarrow : nil
    }

    /// -1...1, or `nil` where the image has no contrast.
    public func correlation(with image: PixelImage, histogram: GreyHistogram? = nil) -> Double? {
        Self.thumbnail(image, side: side, histogram: histogram).map { Self.correlation($0, template) }
    }

    private static func correlation(_ a: [Float], _ b: [Float]) -> Double { zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) } }

    private static func thumbnail(_ image: PixelImage, side: Int, histogram: GreyHistogram? = nil) -> [Float]? {
        let curve = (histogram ?? image.histogram()).windowCurve(low: window.low, high: window.high)
        let whole = Box(x: 0, y: 0, width: Double(image.width), height: Double(image.height))
        return normalised(image.resampled(from: whole, width: side, height: side, fill: 0, curve: curve))
    }

    /// Zero mean, unit norm; `nil` where all values are (nearly) equal.
    private static func normalised(_ values: [Float]) -> [Float]? {
        let mean = values.reduce(0) { $0 + Double($1) } / Double(values.count)
        let centred = values.map { Double($0) - mean }
        let norm = centred.reduce(0) { $0 + $1 * $1 }.squareRoot()
        guard norm > 1e-6 else { return nil }
        return centred.map { Float($0 / norm) }
    }
}

extension InputGate: Codable {
    private enum CodingKeys: String, CodingKey {
        case side
        case meanChest = "mean_chest"
        case minimumCorrelation = "minimum_correlation"
    }

    /// The template is written as one string a row, so that a card stays readable.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(side, forKey: .side)
        try values.encode(minimumCorrelation, forKey: .minimumCorrelation)
        let rows = stride(from: 0, to: template.count, by: max(1, side)).map { start in
            template[start..<min(start + side, template.count)].map { String($0) }.joined(separator: " ")
        }
        try values.encode(rows, forKey: .meanChest)
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        side = try values.decode(Int.self, forKey: .side)
        minimumCorrelation = try values.decode(Double.self, forKey: .minimumCorrelation)
        let words = try values.decode([String].self, forKey: .meanChest).flatMap { $0.split(separator: " ") }
        template = words.compactMap { Float($0) }
        guard (2...256).contains(side), template.count == side * side, words.count == template.count, template.allSatisfy(\.isFinite) else {
            throw DecodingError.dataCorruptedError(
                forKey: .meanChest, in: values, debugDescription: "it does not hold side x side numbers")
        }
    }
}
