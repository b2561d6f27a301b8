import Terminology

/// What a finding is called in a code system.
public struct ResultCode: Codable, Hashable, Sendable {
    /// Its name in the label map.
    public var finding: String
    public var value: String
    /// Coding Scheme Designator, such as `SCT`.
    public var scheme: String
    public var meaning: String

    public init(finding: String, value: String, scheme: String, meaning: String) {
        (self.finding, self.value, self.scheme, self.meaning) = (finding, value, scheme, meaning)
    }

    /// What is wrong with its form; `nil` where nothing is.
    var fault: String? { ConceptCode(value, scheme, meaning).fault }
}
