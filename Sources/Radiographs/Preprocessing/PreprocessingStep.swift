/// One named step between a decoded image and a network's input, as the model's card lists it.
///
/// In JSON: `{"name": "percentile_window", "low": 0.5, "high": 99.5}`.
public enum PreprocessingStep: Hashable, Sendable {
    /// Stretches the grey between two percentiles (0 to 100 percent of the pixels) over the image's full range and cuts the rest.
    case percentileWindow(low: Double, high: Double)
    /// Leaves out what lies outside the sector of an ultrasound picture, where names and settings are burnt in (`UltrasoundSector`).
    case sector
    /// Stretches the grey between `deviations` standard deviations below and above the mean of the body over the image's full range; for
    /// pictures whose grey has no unit (MR). The body is what is brighter than Otsu's threshold halved (Otsu, IEEE Trans SMC 1979).
    case bodyStandard(deviations: Double)
    /// Contrast-limited adaptive histogram equalisation (Zuiderveld 1994) over `tiles` x `tiles` tiles; `clipLimit` is relative to a
    /// flat histogram, 1 or more.
    case clahe(tiles: Int, clipLimit: Double)
    /// The median over a square of 2 `radius` + 1 pixels: removes specks, keeps edges.
    case medianFilter(radius: Int)
    /// Non-local means (Buades et al., CVPR 2005): a mean over pixels with similar surroundings. `strength` is the filter's h as a share
    /// of the full range.
    case nonLocalMeans(patchRadius: Int, searchRadius: Int, strength: Double)
    /// Scales the image to fit `width` x `height` pixels, keeping its proportions, centred, the rest filled with `fill` (0...1).
    case letterbox(width: Int, height: Int, fill: Double)
    /// (value - mean) / standard deviation, of values in 0...1.
    case normalise(mean: Double, standardDeviation: Double)

    public var isLetterbox: Bool {
        if case .letterbox = self { true } else { false }
    }
}

extension PreprocessingStep: Codable {
    private enum Key: String, CodingKey {
        case name, deviations, low, high, tiles, clipLimit = "clip_limit", radius, patchRadius = "patch_radius", searchRadius =
            "search_radius",
            strength
        case width, height, fill, mean, standardDeviation = "standard_deviation"
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        func number(_ key: Key) throws -> Double { try values.decode(Double.self, forKey: key) }
        func whole(_ key: Key) throws -> Int { try values.decode(Int.self, forKey: key) }
        let name = try values.decode(String.self, forKey: .name)
        switch name {
        case "percentile_window": self = .percentileWindow(low: try number(.low), high: try number(.high))
        case "sector": self = .sector
        case "body_standard": self = .bodyStandard(deviations: try number(.deviations))
        case "clahe": self = .clahe(tiles: try whole(.tiles), clipLimit: try number(.clipLimit))
        case "median_filter": self = .medianFilter(radius: try whole(.radius))
        case "non_local_means":
            self = .nonLocalMeans(
                patchRadius: try whole(.patchRadius), searchRadius: try whole(.searchRadius), strength: try number(.strength))
        case "letterbox": self = .letterbox(width: try whole(.width), height: try whole(.height), fill: try number(.fill))
        case "normalise": self = .normalise(mean: try number(.mean), standardDeviation: try number(.standardDeviation))
        default:
            throw DecodingError.dataCorruptedError(forKey: .name, in: values, debugDescription: "unknown preprocessing step \"\(name)\"")
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        switch self {
        case .percentileWindow(let low, let high):
            try values.encode("percentile_window", forKey: .name)
            try values.encode(low, forKey: .low)
            try values.encode(high, forKey: .high)
        case .sector: try values.encode("sector", forKey: .name)
        case .bodyStandard(let deviations):
            try values.encode("body_standard", forKey: .name)
            try values.encode(deviations, forKey: .deviations)
        case .clahe(let tiles, let clipLimit):
            try values.encode("clahe", forKey: .name)
            try values.encode(tiles, forKey: .tiles)
            try values.encode(clipLimit, forKey: .clipLimit)
        case .medianFilter(let radius):
            try values.encode("median_filter", forKey: .name)
            try values.encode(radius, forKey: .radius)
        case .nonLocalMeans(let patchRadius, let searchRadius, let strength):
            try values.encode("non_local_means", forKey: .name)
            try values.encode(patchRadius, forKey: .patchRadius)
            try values.encode(searchRadius, forKey: .searchRadius)
            try values.encode(strength, forKey: .strength)
        case .letterbox(let width, let height, let fill):
            try values.encode("letterbox", forKey: .name)
            try values.encode(width, forKey: .width)
            try values.encode(height, forKey: .height)
            try values.encode(fill, forKey: .fill)
        case .normalise(let mean, let standardDeviation):
            try values.encode("normalise", forKey: .name)
            try values.encode(mean, forKey: .mean)
            try values.encode(standardDeviation, forKey: .standardDeviation)
        }
    }
}
