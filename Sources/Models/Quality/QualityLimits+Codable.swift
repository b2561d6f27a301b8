import Foundation

extension QualityLimits: Codable {
    private enum Key: String, CodingKey {
        case limits, images, share, upright, components, child
        case meanRanks = "mean_ranks"
    }

    /// Numbers of the learnt parts are written in ten-thousandths, one string a row, so that a card stays readable.
    private static let scale = 10_000.0

    /// As a card writes it, so that limits in memory and limits read back are one.
    var rounded: QualityLimits {
        var limits = self
        func rounded(_ values: [Double]) -> [Double] { values.map { ($0 * Self.scale).rounded() / Self.scale } }
        (limits.upright, limits.meanRanks) = (rounded(upright), rounded(meanRanks))
        limits.components = components.map(rounded)
        limits.childWeights = childWeights.map(rounded)
        limits.limits = self.limits.mapValues { one in
            func rounded(_ value: Double?) -> Double? { value.map { ($0 * Self.scale).rounded() / Self.scale } }
            return Limits(low: rounded(one.low), high: rounded(one.high), refusal: rounded(one.refusal))
        }
        return limits
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(limits, forKey: .limits)
        try values.encode(images, forKey: .images)
        try values.encode(share, forKey: .share)
        try values.encode(Self.text(upright), forKey: .upright)
        try values.encode(Self.text(meanRanks), forKey: .meanRanks)
        try values.encode(components.map(Self.text), forKey: .components)
        try values.encodeIfPresent(childWeights.map(Self.text), forKey: .child)
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        let size = QualityLook.side * QualityLook.side
        func numbers(_ rows: [String], _ count: Int, _ key: Key) throws -> [Double] {
            let words = rows.flatMap { $0.split(separator: " ") }
            let numbers = words.compactMap { Int($0) }.map { Double($0) / Self.scale }
            guard numbers.count == count, words.count == count else {
                throw DecodingError.dataCorruptedError(forKey: key, in: values, debugDescription: "it does not hold \(count) whole numbers")
            }
            return numbers
        }
        limits = try values.decode([Measure: Limits].self, forKey: .limits)
        images = try values.decode(Int.self, forKey: .images)
        share = try values.decode(Double.self, forKey: .share)
        upright = try numbers(try values.decode([String].self, forKey: .upright), size, .upright)
        meanRanks = try numbers(try values.decode([String].self, forKey: .meanRanks), size, .meanRanks)
        components = try values.decode([[String]].self, forKey: .components).map { try numbers($0, size, .components) }
        childWeights = try values.decodeIfPresent([String].self, forKey: .child).map { try numbers($0, size + 1, .child) }
        guard components.count <= 64 else {
            throw DecodingError.dataCorruptedError(forKey: .components, in: values, debugDescription: "there are more than 64")
        }
    }

    private static func text(_ numbers: [Double]) -> [String] {
        stride(from: 0, to: numbers.count, by: QualityLook.side).map { start in
            numbers[start..<min(start + QualityLook.side, numbers.count)].map { number in
                // A number that is not finite would be no number in JSON either.
                String(number.isFinite ? Int((number * scale).rounded()) : 0)
            }.joined(separator: " ")
        }
    }
}
