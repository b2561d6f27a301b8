import Domains
import Findings
import Geometry
import Radiographs

/// Tells a domain's images from others by measures of their look, plainly: each has to lie in the range of the training images, widened by the
/// domain's margin.
///
/// The measures are of a thumbnail of 64 x 64 of what the network would get before its letterbox, so that neither size nor exposure decides. They
/// tell a smear from a film and a fan from a slice; they are no proof that an image is what it should be.
public struct AppearanceGate: Hashable, Sendable {
    public enum Measure: String, Codable, CaseIterable, CodingKeyRepresentable, Hashable, Sendable {
        /// Share of the thumbnail below a twentieth of full scale.
        case blackShare = "black_share"
        /// Mean grey, 0...1.
        case mean
        /// Standard deviation of the grey.
        case deviation
        /// Mean distance of neighbours in a row and in a column.
        case texture
        /// Correlation with the mean of the training images' thumbnails, -1...1.
        case likeness
        /// What is left of the thumbnail when the best mixture of the training images' principal ones is taken away, 0...1.
        case strangeness
        /// How far red is above green in the mean, and blue above green; of images in colour.
        case redExcess = "red_excess"
        case blueExcess = "blue_excess"

        /// For a sentence.
        var title: String {
            switch self {
            case .blackShare: "share of black"
            case .mean: "mean grey"
            case .deviation: "spread of grey"
            case .texture: "texture"
            case .likeness: "likeness to the mean image"
            case .strangeness: "share that is no mixture of known images"
            case .redExcess: "red above green"
            case .blueExcess: "blue above green"
            }
        }
    }

    /// Ends of the range that is taken.
    public struct Limits: Codable, Hashable, Sendable {
        public var low: Double
        public var high: Double
    }

    public var limits: [Measure: Limits]
    /// [side * side], row-major: the mean of the training images' thumbnails, zero mean, unit norm.
    public var template: [Float]
    /// Of the same thumbnails; `nil` in cards that are older than these.
    public var principal: PrincipalImages?

    /// For kinds of which a person may want to see the strange ones, too: a child's chest, a bed-side film.
    public static let lenientMargin = 2.0

    static let side = 16
    private static let thumbnailSide = 64
    /// What every range is widened by at least, so that images that are all alike do not shut out the next one.
    private static let slack = 0.03

    /// - Parameters:
    ///   - images: One plane each, or red, green and blue; as they are before the letterbox.
    ///   - only: Which measures count; empty for all.
    ///   - margin: How far past the images' range a measure may lie, as a share of the range.
    /// - Throws: `ModelError` where there is no image.
    public static func fit(images: [[PixelImage]], only: Set<Measure> = [], margin: Double) throws -> AppearanceGate {
        let looks = images.map(Look.init)
        guard let first = looks.first else { throw ModelError(.unsupported, "a gate of appearance cannot be fitted: there is no image") }
        var sum = [Double](repeating: 0, count: side * side)
        for look in looks { for index in sum.indices { sum[index] += Double(look.small[index]) } }
        // As the card writes it.
        let template = Look.normalised(sum.map(Float.init)).map { ($0 * 10_000).rounded() / 10_000 }
        // By principal images of the others: by its own, no image looks strange.
        let parts = min(looks.count, 8)
        let crossed = (0..<parts).flatMap { part -> [[Measure: Double]] in
            let (own, others) = (looks.indices.filter { $0 % parts == part }, looks.indices.filter { $0 % parts != part || parts == 1 })
            let principal = PrincipalImages(of: others.map { looks[$0].small })
            return own.map { looks[$0].measures(template, principal) }
        }
        let measured = crossed.isEmpty ? [first.measures(template, nil)] : crossed
        var limits: [Measure: Limits] = [:]
        for measure in measured[0].keys where only.isEmpty || only.contains(measure) {
            let values = measured.compactMap { $0[measure] }
            guard let low = values.min(), let high = values.max() else { continue }
            let room = margin * (high - low) + slack
            if measure == .strangeness {
                // No image is too usual, and the strangest of the known ones is far from the usual already.
                let usual = values.sorted()[values.count / 2]
                limits[measure] = Limits(low: 0, high: ((high + margin * (high - usual) / 4 + slack) * 1_000).rounded(.up) / 1_000)
                continue
            }
            limits[measure] = Limits(low: ((low - room) * 1_000).rounded(.down) / 1_000, high: ((high + room) * 1_000).rounded(.up) / 1_000)
        }
        return AppearanceGate(limits: limits, template: template, principal: PrincipalImages(of: looks.map(\.small)))
    }

    /// The gate that a domain asks for; `nil` where it asks for none.
    ///
    /// A mean image is like many things a little, so a domain with one has a gate of strangeness alone: what is no mixture of the images that
    /// were learnt from is of another kind.
    /// - Parameter images: As for `fit(images:only:margin:)`.
    /// - Throws: `ModelError` where there is no image.
    public static func fit(for domain: Domain, images: [[PixelImage]]) throws -> AppearanceGate? {
        switch domain.gate.kind {
        case .meanImage: try fit(images: images, only: [.strangeness], margin: lenientMargin)
        case .appearance: try fit(images: images, margin: domain.gate.margin)
        case .none: nil
        }
    }

    /// The first measure that lies outside its range, in words such as "its share of black is 0.02, the training images' 0.41 to 0.77"; `nil`
    /// where all fit.
    /// - Parameter planes: As they are before the letterbox.
    public func objection(to planes: [PixelImage]) -> String? {
        let measures = Look(planes).measures(template, principal)
        for measure in Measure.allCases {
            guard let range = limits[measure], let value = measures[measure], !(range.low...range.high).contains(value) else { continue }
            func text(_ number: Double) -> String { String(Double((number * 100).rounded() / 100)) }
            return "its \(measure.title) is \(text(value)), that of the training images \(text(range.low)) to \(text(range.high))"
        }
        return nil
    }

    /// What is measured of one picture.
    private struct Look {
        /// [thumbnailSide * thumbnailSide], 0...1, the mean of the planes.
        let grey: [Float]
        /// [side * side], zero mean, unit norm.
        let small: [Float]
        /// Means of the planes.
        let means: [Double]

        init(_ planes: [PixelImage]) {
            let side = AppearanceGate.thumbnailSide
            let thumbnails = planes.map { plane in
                let whole = Box(x: 0, y: 0, width: Double(plane.width), height: Double(plane.height))
                return plane.resampled(from: whole, width: side, height: side, fill: 0).map { $0 / Float(plane.maximum) }
            }
            grey = (0..<side * side).map { place in thumbnails.reduce(0) { $0 + $1[place] } / Float(max(1, thumbnails.count)) }
            means = thumbnails.map { $0.reduce(0) { $0 + Double($1) } / Double(side * side) }
            let (cells, block) = (AppearanceGate.side, side / AppearanceGate.side)
            var small = [Float](repeating: 0, count: cells * cells)
            for row in 0..<side {
                for column in 0..<side { small[row / block * cells + column / block] += grey[row * side + column] }
            }
            self.small = Self.normalised(small)
        }

        /// Zero mean, unit norm; all zero where the values are equal.
        static func normalised(_ values: [Float]) -> [Float] {
            let mean = values.reduce(0) { $0 + Double($1) } / Double(max(1, values.count))
            let norm = values.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) }.squareRoot()
            return values.map { norm > 1e-6 ? Float((Double($0) - mean) / norm) : 0 }
        }

        func measures(_ template: [Float], _ principal: PrincipalImages?) -> [Measure: Double] {
            let side = AppearanceGate.thumbnailSide
            let count = Double(grey.count)
            let mean = grey.reduce(0) { $0 + Double($1) } / count
            let deviation = (grey.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / count).squareRoot()
            var texture = 0.0
            for row in 0..<side - 1 {
                for column in 0..<side - 1 {
                    let place = row * side + column
                    texture += Double(abs(grey[place + 1] - grey[place]) + abs(grey[place + side] - grey[place])) / 2
                }
            }
            var measures: [Measure: Double] = [
                .blackShare: Double(grey.count { $0 < 0.05 }) / count, .mean: mean, .deviation: deviation,
                .texture: texture / Double((side - 1) * (side - 1)),
                .likeness: zip(small, template).reduce(0) { $0 + Double($1.0) * Double($1.1) },
            ]
            measures[.strangeness] = principal?.residual(of: small)
            if means.count == 3 { (measures[.redExcess], measures[.blueExcess]) = (means[0] - means[1], means[2] - means[1]) }
            return measures
        }
    }
}

extension AppearanceGate: Codable {
    private enum Key: String, CodingKey {
        case limits
        case meanImage = "mean_image"
        case principalImages = "principal_images"
    }

    /// The mean image is written as one string a row, so that a card stays readable.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(limits, forKey: .limits)
        let rows = stride(from: 0, to: template.count, by: Self.side).map { start in
            template[start..<min(start + Self.side, template.count)].map { String($0) }.joined(separator: " ")
        }
        try values.encode(rows, forKey: .meanImage)
        let images = principal?.components.map { $0.map { String($0) }.joined(separator: " ") }
        try values.encodeIfPresent(images, forKey: .principalImages)
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        limits = try values.decode([Measure: Limits].self, forKey: .limits)
        let words = try values.decode([String].self, forKey: .meanImage).flatMap { $0.split(separator: " ") }
        template = words.compactMap { Float($0) }
        principal = try values.decodeIfPresent([String].self, forKey: .principalImages).map { rows in
            PrincipalImages(components: rows.map { $0.split(separator: " ").compactMap { Float($0) } })
        }
        guard principal?.components.allSatisfy({ $0.count == Self.side * Self.side && $0.allSatisfy(\.isFinite) }) ?? true,
            template.count == Self.side * Self.side, words.count == template.count, template.allSatisfy(\.isFinite),
            limits.values.allSatisfy({ $0.low <= $0.high })
        else {
            throw DecodingError.dataCorruptedError(forKey: .meanImage, in: values, debugDescription: "the gate's numbers cannot be")
        }
    }
}
