import Radiographs

/// How the numbers of a file become grey of 0...1, which every network of the domain takes.
public enum ValueSpace: Codable, Hashable, Sendable {
    /// As the picture is shown: photographs, ultrasound. The only one for images in colour.
    case display
    /// The grey between two percentiles of the image's pixels: radiographs, whose exposure differs.
    case percentile(low: Double, high: Double)
    /// Hounsfield units through a window: CT. Of a DICOM file it takes the place of the file's own window; a PNG is taken as shown through it.
    case hounsfield(ValueWindow)
    /// So many standard deviations about the mean of the body: MR, whose grey has no unit.
    case zScore(deviations: Double)

    /// The names in a domain file.
    static let names = ["display", "percentile", "hounsfield", "z-score"]

    var name: String {
        switch self {
        case .display: "display"
        case .percentile: "percentile"
        case .hounsfield: "hounsfield"
        case .zScore: "z-score"
        }
    }

    /// What is done to a decoded image. Hounsfield units are windowed while the file is decoded.
    var steps: [PreprocessingStep] {
        switch self {
        case .display, .hounsfield: []
        case .percentile(let low, let high): [.percentileWindow(low: low, high: high)]
        case .zScore(let deviations): [.bodyStandard(deviations: deviations)]
        }
    }

    private enum Key: String, CodingKey { case space, low, high, centre, width, deviations }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        func number(_ key: Key) throws -> Double { try values.decode(Double.self, forKey: key) }
        let name = try values.decode(String.self, forKey: .space)
        switch name {
        case "display": self = .display
        case "percentile": self = .percentile(low: try number(.low), high: try number(.high))
        case "hounsfield": self = .hounsfield(ValueWindow(centre: try number(.centre), width: try number(.width)))
        case "z-score": self = .zScore(deviations: try number(.deviations))
        default: throw DecodingError.dataCorruptedError(forKey: .space, in: values, debugDescription: "unknown value space \"\(name)\"")
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(name, forKey: .space)
        switch self {
        case .display: break
        case .percentile(let low, let high):
            try values.encode(low, forKey: .low)
            try values.encode(high, forKey: .high)
        case .hounsfield(let window):
            try values.encode(window.centre, forKey: .centre)
            try values.encode(window.width, forKey: .width)
        case .zScore(let deviations): try values.encode(deviations, forKey: .deviations)
        }
    }
}
