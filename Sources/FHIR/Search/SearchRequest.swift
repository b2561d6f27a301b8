import Basics
import Foundation

/// A search, understood.
public struct SearchRequest: Hashable, Sendable {
    /// What to do with parameters that are not known (FHIR R4, 3.1.1.5.1): the header `Prefer: handling=`.
    public enum Handling: String, Hashable, Sendable, CaseIterable {
        case strict, lenient

        /// - Parameter header: The `Prefer` header. Lenient where it says nothing else.
        public init(prefer header: String?) {
            let wishes = (header ?? "").lowercased().split { $0 == "," || $0 == ";" }.map { $0.filter { !$0.isWhitespace } }
            self = wishes.contains("handling=strict") ? .strict : .lenient
        }
    }

    /// Each list is of alternatives; a resource is found where it meets one of each list.
    public var type: String
    public var ids: [[String]] = []
    public var patients: [[SearchReference]] = []
    public var patientIdentifiers: [[SearchToken]] = []
    public var identifiers: [[SearchToken]] = []
    public var dates: [[SearchDate]] = []
    public var statuses: [[SearchToken]] = []
    /// Resources on a page; 0 asks for the number alone.
    public var count: Int?
    /// Where a page begins: what an earlier answer's `next` said.
    public var cursor: String?
    /// What was understood, for the answer's `self`.
    public var understood: [SearchItem] = []
    /// What was passed over; the answer says so.
    public var warnings: [R4.OperationOutcome.Issue] = []

    /// The most resources of a page.
    public static let mostCount = 1_000
    /// The most parameters, and alternatives of one of them.
    static let mostParts = 200

    /// - Parameters:
    ///   - type: One of `SearchParameters.types`.
    ///   - items: Names and values of the query, percent-decoded, in their order.
    ///   - zone: Minutes east of Greenwich of dates without a zone: the site's.
    /// - Throws: `R4.OperationOutcome`: for a value that is none, a modifier, or, with strict handling, an unknown parameter.
    public init(type: String, items: [SearchItem], handling: Handling = .lenient, zone: Int = 0) throws {
        self.type = type
        guard SearchParameters.types.contains(type) else {
            throw R4.OperationOutcome(.error, .notSupported, "this type is not searched for")
        }
        guard items.count <= Self.mostParts else { throw R4.OperationOutcome(.error, .tooCostly, "the search has too many parameters") }
        let known = SearchParameters.parameters(of: type)
        let names = known.map(\.name) + SearchParameters.general
        for item in items {
            // An empty parameter says nothing.
            if item.value.isEmpty { continue }
            if let parameter = known.first(where: { $0.name == item.name }) {
                try take(item, parameter.meaning, zone)
                understood.append(item)
            } else if SearchParameters.general.contains(item.name) {
                try takeGeneral(item)
            } else {
                let plain = item.name.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).first.map(String.init) ?? ""
                if item.name.contains(":"), known.contains(where: { $0.name == plain }) {
                    throw R4.OperationOutcome(.error, .notSupported, "\(plain) has no such modifier here")
                }
                let near = item.name.nearest(among: names).map { "; did you mean \($0)?" } ?? ""
                let reason = "there is no parameter \(FHIRJSON.shown(item.name)) of \(type)\(near)"
                if handling == .strict { throw R4.OperationOutcome(.error, .notSupported, reason) }
                warnings.append(R4.OperationOutcome.Issue(.warning, .notSupported, reason))
            }
        }
    }

    static func isID(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x2D || byte == 0x2E
            }
    }

    private func alternatives<Value>(_ item: SearchItem, _ what: String, _ make: (String) -> Value?) throws -> [Value] {
        let parts = SearchText.parts(item.value, by: ",").filter { !$0.isEmpty }
        guard parts.count <= Self.mostParts else { throw R4.OperationOutcome(.error, .tooCostly, "\(item.name) has too many values") }
        guard !parts.isEmpty else { throw R4.OperationOutcome(.error, .value, "\(item.name) has to be \(what)") }
        return try parts.map { part in
            guard let value = make(part) else { throw R4.OperationOutcome(.error, .value, "\(item.name) has to be \(what)") }
            return value
        }
    }

    private mutating func take(_ item: SearchItem, _ meaning: SearchParameters.Meaning, _ zone: Int) throws {
        let token = "a code, or a system, | and a code"
        switch meaning {
        case .id:
            ids.append(try alternatives(item, "an id") { text in SearchText.unescaped(text) }.filter(Self.isID))
        case .patient:
            let references = try alternatives(item, "an id or Patient/ and an id") { SearchReference($0) }
            patients.append(references.filter { $0.type == nil || $0.type == "Patient" })
        case .patientIdentifier: patientIdentifiers.append(try alternatives(item, token) { SearchToken($0) })
        case .identifier: identifiers.append(try alternatives(item, token) { SearchToken($0) })
        case .status: statuses.append(try alternatives(item, token) { SearchToken($0) })
        case .date:
            dates.append(
                try alternatives(item, "a date such as 2026-11-30, with eq, ne, gt, lt, ge, le, sa or eb before it") {
                    SearchDate(SearchText.unescaped($0), zone: zone)
                })
        }
    }

    private mutating func takeGeneral(_ item: SearchItem) throws {
        switch item.name {
        case "_count":
            guard item.value.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let wanted = Int(item.value.prefix(9)) else {
                throw R4.OperationOutcome(.error, .value, "_count has to be a whole number")
            }
            count = min(wanted, Self.mostCount)
        case "_cursor": cursor = item.value
        case "_format":
            let forms = ["json", "application/json", "text/json", R4.mediaType]
            let form = item.value.split(separator: ";").first.map { $0.trimmingCharacters(in: .whitespaces).lowercased() } ?? ""
            guard forms.contains(form.replacingOccurrences(of: " ", with: "+")) else {
                throw R4.OperationOutcome(.error, .notSupported, "only the JSON form is there: _format=json")
            }
        default: break
        }
    }
}

/// A name and a value of a query.
public struct SearchItem: Hashable, Sendable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) { (self.name, self.value) = (name, value) }
}
