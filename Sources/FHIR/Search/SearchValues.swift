import Foundation

/// A value of a token parameter (FHIR R4, 3.1.1.4.10): `code`, `system|code`, `|code`, `system|`.
public struct SearchToken: Hashable, Sendable {
    public enum System: Hashable, Sendable {
        case any
        /// `|code`: only codes without a system.
        case none
        case uri(String)
    }

    public var system: System
    /// `nil` for any code of the system.
    public var code: String?

    public init(system: System, code: String?) { (self.system, self.code) = (system, code) }

    /// - Parameter text: As it is in the search, with its backslashes.
    init?(_ text: String) {
        let parts = SearchText.parts(text, by: "|").map(SearchText.unescaped)
        switch parts.count {
        case 1 where !parts[0].isEmpty: self.init(system: .any, code: parts[0])
        case 2 where parts[0].isEmpty && !parts[1].isEmpty: self.init(system: .none, code: parts[1])
        case 2 where !parts[0].isEmpty: self.init(system: .uri(parts[0]), code: parts[1].isEmpty ? nil : parts[1])
        default: return nil
        }
    }

    public func matches(system other: String?, code otherCode: String?) -> Bool {
        if let code, code != otherCode { return false }
        switch system {
        case .any: return otherCode != nil
        case .none: return other == nil
        case .uri(let uri): return uri == other
        }
    }

    public func matches(_ identifier: R4.Identifier) -> Bool { matches(system: identifier.system, code: identifier.value) }
}

/// A value of a date parameter (FHIR R4, 3.1.1.4.5 and 3.1.1.4.7): both it and what it is compared with are stretches of time.
public struct SearchDate: Hashable, Sendable {
    public enum Prefix: String, Hashable, Sendable, CaseIterable {
        case equal = "eq"
        case notEqual = "ne"
        case greater = "gt"
        case less = "lt"
        case greaterOrEqual = "ge"
        case lessOrEqual = "le"
        case startsAfter = "sa"
        case endsBefore = "eb"
    }

    public var prefix: Prefix
    public var range: TimeRange

    public init(prefix: Prefix, range: TimeRange) { (self.prefix, self.range) = (prefix, range) }

    /// - Parameter zone: Minutes east of Greenwich of dates without a zone.
    init?(_ text: String, zone: Int) {
        var rest = text
        prefix = .equal
        if let first = rest.first, !first.isNumber {
            guard let prefix = Prefix(rawValue: String(rest.prefix(2))) else { return nil }
            self.prefix = prefix
            rest = String(rest.dropFirst(2))
        }
        // An unencoded + arrives as a blank.
        guard let time = WrittenTime(rest.replacingOccurrences(of: " ", with: "+"), lenient: true) else { return nil }
        range = time.range(zone: zone)
    }

    /// Whether a resource of this time is found.
    public func matches(_ target: TimeRange) -> Bool {
        switch prefix {
        case .equal: range.start <= target.start && target.end <= range.end
        case .notEqual: !(range.start <= target.start && target.end <= range.end)
        case .greater: target.end > range.end
        case .less: target.start < range.start
        case .greaterOrEqual: target.end > range.end || (range.start <= target.start && target.end <= range.end)
        case .lessOrEqual: target.start < range.start || (range.start <= target.start && target.end <= range.end)
        case .startsAfter: target.start >= range.end
        case .endsBefore: target.end <= range.start
        }
    }
}

/// A value of a reference parameter (FHIR R4, 3.1.1.4.12): an id, `Type/id`, or an address that ends so.
public struct SearchReference: Hashable, Sendable {
    public var type: String?
    public var id: String

    public init(type: String?, id: String) { (self.type, self.id) = (type, id) }

    init?(_ text: String) {
        let plain = SearchText.unescaped(text)
        var parts = plain.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        if let history = parts.lastIndex(of: "_history") { parts = Array(parts[..<history]) }
        guard let id = parts.last, SearchRequest.isID(id) else { return nil }
        let type = parts.count > 1 ? parts[parts.count - 2] : nil
        if let type, type.isEmpty || !type.allSatisfy({ $0.isASCII && $0.isLetter }) { return nil }
        self.init(type: type, id: id)
    }
}
