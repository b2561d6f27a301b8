/// One named thing done to a radiograph on its way to a network. A model's card lists them in order, so that training and use do
/// the very same.
///
/// As JSON: `{"name": "percentile_window", "low": 0.5, "high": 99.5}`. Every strength is relative to the image's full scale, so
/// that a step means the same on 8 and on 16 bits.
public enum PreprocessingStep: Hashable, Sendable {
    /// Widens the greys between two percentiles to the full scale; what lies past them is clipped. In percent of the pixels.
    case percentileWindow(low: Double, high: Double)
    /// Contrast-limited adaptive histogram equalisation (Zuiderveld, Graphics Gems IV, 1994) on `tiles` x `tiles` tiles.
    case clahe(tiles: Int, clipLimit: Double)
    /// The median of the `2 * radius + 1` pixels square around each pixel.
    case medianFilter(radius: Int)
    /// Non-local means (Buades, Coll and Morel, CVPR 2005); `strength` is the paper's h as a share of the full scale.
    case nonLocalMeans(patchRadius: Int, searchRadius: Int, strength: Double)
    /// Scales the image, aspect kept, into `width` x `height` and fills what is left with the grey `fill` in 0...1.
    case letterbox(width: Int, height: Int, fill: Double)
    /// Values in 0...1 become `(value - mean) / standardDeviation`.
    case normalise(mean: Double, standardDeviation: Double)

    /// The name in a model's card.
    public var name: String {
        switch self {
        case .percentileWindow: Name.percentileWindow.rawValue
        case .clahe: Name.clahe.rawValue
        case .medianFilter: Name.medianFilter.rawValue
        case .nonLocalMeans: Name.nonLocalMeans.rawValue
        case .letterbox: Name.letterbox.rawValue
        case .normalise: Name.normalise.rawValue
        }
    }

    private enum Name: String, CaseIterable {
        case percentileWindow = "percentile_window"
        case clahe
        case medianFilter = "median_filter"
        case nonLocalMeans = "non_local_means"
        case letterbox
        case normalise
    }
}

extension PreprocessingStep: Codable {
    private enum Key: String, CodingKey {
        case name, low, high, tiles, radius, strength, width, height, fill, mean
        case clipLimit = "clip_limit"
        case patchRadius = "patch_radius"
        case searchRadius = "search_radius"
        case standardDeviation = "standard_deviation"
    }

    /// - Throws: `RadiographError` that names an unknown step or a missing value.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        guard let text = try? container.decode(String.self, forKey: .name) else {
            throw RadiographError(.badPreprocessing, "a step has no name")
        }
        guard let name = Name(rawValue: text) else {
            let known = Name.allCases.map(\.rawValue).joined(separator: ", ")
            throw RadiographError(.badPreprocessing, "unknown step \"\(text)\"; known are \(known)")
        }
        func value<Value: Decodable>(_ key: Key) throws -> Value {
            guard let value = try? container.decode(Value.self, forKey: key) else {
                let kind = Value.self == Int.self ? "whole number" : "number"
                throw RadiographError(.badPreprocessing, "step \"\(text)\" needs the \(kind) \"\(key.rawValue)\"")
            }
            return value
        }
        switch name {
        case .percentileWindow: self = .percentileWindow(low: try value(.low), high: try value(.high))
        case .clahe: self = .clahe(tiles: try value(.tiles), clipLimit: try value(.clipLimit))
        case .medianFilter: self = .medianFilter(radius: try value(.radius))
        case .nonLocalMeans:
            self = .nonLocalMeans(
                patchRadius: try value(.patchRadius), searchRadius: try value(.searchRadius), strength: try value(.strength))
        case .letterbox: self = .letterbox(width: try value(.width), height: try value(.height), fill: try value(.fill))
        case .normalise: self = .normalise(mean: try value(.mean), standardDeviation: try value(.standardDeviation))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(name, forKey: .name)
        switch self {
        case .percentileWindow(let low, let high):
            try container.encode(low, forKey: .low)
            try container.encode(high, forKey: .high)
        case .clahe(let tiles, let clipLimit):
            try container.encode(tiles, forKey: .tiles)
            try container.encode(clipLimit, forKey: .clipLimit)
        case .medianFilter(let radius):
            try container.encode(radius, forKey: .radius)
        case .nonLocalMeans(let patchRadius, let searchRadius, let strength):
            try container.encode(patchRadius, forKey: .patchRadius)
            try container.encode(searchRadius, forKey: .searchRadius)
            try container.encode(strength, forKey: .strength)
        case .letterbox(let width, let height, let fill):
            try container.encode(width, forKey: .width)
            try container.encode(height, forKey: .height)
            try container.encode(fill, forKey: .fill)
        case .normalise(let mean, let standardDeviation):
            try container.encode(mean, forKey: .mean)
            try container.encode(standardDeviation, forKey: .standardDeviation)
        }
    }
}
