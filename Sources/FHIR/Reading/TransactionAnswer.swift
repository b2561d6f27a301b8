import Foundation

/// What a server answered to a transaction.
public struct TransactionAnswer: Hashable, Sendable {
    public struct Entry: Hashable, Sendable {
        /// HTTP status.
        public var status: Int
        /// Type and id of what is there now, such as `DiagnosticReport/7`.
        public var location: String?
        /// Codes of what went wrong, such as `error duplicate`; none of the server's words, which may name a patient.
        public var issues: [String]
    }

    public var entries: [Entry]

    /// Whether each entry is at the server now.
    public var isDone: Bool { !entries.isEmpty && entries.allSatisfy { (200...299).contains($0.status) } }

    /// - Parameters:
    ///   - data: A bundle of type `transaction-response`.
    ///   - entries: How many the transaction had.
    /// - Throws: `FHIRError`; where the server answered with an OperationOutcome instead, of code `notUnderstood` with its codes.
    public init(_ data: Data, entries count: Int) throws {
        switch try FHIRJSON.decode(R4.AnyResource.self, from: data) {
        case .bundle(let bundle) where bundle.type == .transactionResponse:
            entries = try (bundle.entry ?? []).map { entry in
                let digits = entry.response?.status.prefix(3) ?? ""
                guard digits.utf8.count == 3, let status = Int(digits), (100...599).contains(status) else {
                    throw FHIRError(.unreadable, "an entry of the answer has no HTTP status")
                }
                var issues: [String] = []
                if case .operationOutcome(let outcome)? = entry.response?.outcome { issues = Self.codes(outcome) }
                return Entry(status: status, location: entry.response?.location.flatMap(Self.local), issues: issues)
            }
            guard entries.count == count else {
                throw FHIRError(.unreadable, "the answer has \(entries.count) entries, the transaction \(count)")
            }
        case .operationOutcome(let outcome):
            throw FHIRError(.notUnderstood, "the server refused: \(Self.codes(outcome).joined(separator: ", "))")
        default: throw FHIRError(.unreadable, "the answer is no transaction-response")
        }
    }

    private static func codes(_ outcome: R4.OperationOutcome) -> [String] {
        outcome.issue.map { "\($0.severity.rawValue) \($0.code.rawValue)" }
    }

    /// `Type/id` of an address such as `https://host/fhir/Type/id/_history/1`.
    private static func local(_ location: String) -> String? {
        var parts = location.split(separator: "/")
        if let history = parts.lastIndex(of: "_history") { parts = Array(parts[..<history]) }
        guard parts.count >= 2 else { return nil }
        return parts.suffix(2).joined(separator: "/")
    }
}
