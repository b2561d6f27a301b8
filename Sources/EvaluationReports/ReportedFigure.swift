import Evaluation

/// A figure as a report gives it: its value, the interval that holds it with 95 percent, and over how many classes it is a mean.
///
/// In JSON `value` is always there, `null` where the figure cannot be told (no truth to find); the ends are left out where there is no
/// interval.
public struct ReportedFigure: Codable, Hashable, Sendable {
    public var value: Double?
    public var low: Double?
    public var high: Double?
    /// How many classes it is a mean over, and how many there are; `nil` where it is no mean over classes.
    public var classes: Int?
    public var classCount: Int?

    public init(value: Double?, low: Double? = nil, high: Double? = nil, classes: Int? = nil, classCount: Int? = nil) {
        self.value = value
        self.low = low
        self.high = high
        self.classes = classes
        self.classCount = classCount
    }

    public init(_ interval: ConfidenceInterval?) { self.init(value: interval?.value, low: interval?.low, high: interval?.high) }

    /// - Parameter interval: Its ends; the value is the mean's own.
    public init(_ mean: MeanOverClasses, _ interval: ConfidenceInterval? = nil) {
        self.init(value: mean.value, low: interval?.low, high: interval?.high, classes: mean.classes, classCount: mean.classCount)
    }

    private enum CodingKeys: String, CodingKey {
        case value, low, high, classes
        case classCount = "class_count"
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(value, forKey: .value)
        try values.encodeIfPresent(low, forKey: .low)
        try values.encodeIfPresent(high, forKey: .high)
        try values.encodeIfPresent(classes, forKey: .classes)
        try values.encodeIfPresent(classCount, forKey: .classCount)
    }
}
