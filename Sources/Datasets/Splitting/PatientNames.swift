import Foundation

/// How the patient of an image is found where the source does not name one.
public struct PatientNames: Sendable {
    private let expression: NSRegularExpression?

    /// NIH's names (`00000013_005.png`: eight digits, an underscore, three digits) say the patient before the underscore; any other
    /// image is a patient of its own.
    public static let automatic = PatientNames(expression: try? NSRegularExpression(pattern: #"^([0-9]{8})_[0-9]{3}$"#))

    private init(expression: NSRegularExpression?) { self.expression = expression }

    /// - Parameter pattern: A regular expression for the name without folders and suffix; its first group, or else the whole match, is
    ///   the patient.
    /// - Throws: `DatasetError` where it is no regular expression.
    public init(pattern: String) throws {
        guard let expression = try? NSRegularExpression(pattern: pattern) else {
            throw DatasetError(.malformed, "the pattern for patients is not a regular expression")
        }
        self.expression = expression
    }

    /// The stem where the pattern does not match.
    public func patient(fileName: String) -> String {
        let stem = ((fileName as NSString).lastPathComponent as NSString).deletingPathExtension
        let whole = NSRange(stem.startIndex..., in: stem)
        guard let match = expression?.firstMatch(in: stem, range: whole) else { return stem }
        let range = match.numberOfRanges > 1 && match.range(at: 1).location != NSNotFound ? match.range(at: 1) : match.range
        return Range(range, in: stem).map { String(stem[$0]) } ?? stem
    }
}
