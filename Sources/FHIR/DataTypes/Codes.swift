import Terminology

extension R4 {
    public struct Coding: Hashable, Sendable, Codable {
        public var system: String?
        public var version: String?
        public var code: String?
        public var display: String?
        public var userSelected: Bool?

        public init(system: String?, code: String?, display: String? = nil) {
            (self.system, self.code, self.display) = (system, code, display)
        }

        /// - Parameter terminology: Knows the schemes' addresses.
        public init(_ code: ConceptCode, _ terminology: Terminology = .standard) {
            self.init(system: terminology.scheme(code.scheme)?.uri, code: code.value, display: code.meaning)
        }

        /// The code with its DICOM designator; `nil` for a system that is not known.
        public func concept(_ terminology: Terminology = .standard) -> ConceptCode? {
            guard let code, let system, let scheme = terminology.scheme(uri: system) else { return nil }
            return ConceptCode(code, scheme.designator, display ?? "")
        }
    }

    public struct CodeableConcept: Hashable, Sendable, Codable {
        public var coding: [Coding]?
        public var text: String?

        public init(coding: [Coding]? = nil, text: String? = nil) { (self.coding, self.text) = (coding, text) }

        public init(_ codes: [ConceptCode], text: String? = nil, _ terminology: Terminology = .standard) {
            self.init(coding: codes.isEmpty ? nil : codes.map { Coding($0, terminology) }, text: text)
        }

        public init(_ code: ConceptCode, _ terminology: Terminology = .standard) { self.init([code], text: nil, terminology) }

        public func has(system: String, code: String) -> Bool { coding?.contains { $0.system == system && $0.code == code } ?? false }
    }

    public struct Quantity: Hashable, Sendable, Codable {
        public enum Comparator: String, Hashable, Sendable, Codable, CaseIterable {
            case less = "<"
            case lessOrEqual = "<="
            case greaterOrEqual = ">="
            case greater = ">"
        }

        public var value: Decimal?
        public var comparator: Comparator?
        public var unit: String?
        public var system: String?
        public var code: String?

        public init(value: Decimal?, unit: String? = nil, system: String? = nil, code: String? = nil) {
            (self.value, self.unit, self.system, self.code) = (value, unit, system, code)
        }
    }

    public struct Range: Hashable, Sendable, Codable {
        public var low: Quantity?
        public var high: Quantity?
        public init(low: Quantity?, high: Quantity?) { (self.low, self.high) = (low, high) }
    }

    public struct Ratio: Hashable, Sendable, Codable {
        public var numerator: Quantity?
        public var denominator: Quantity?
        public init(numerator: Quantity?, denominator: Quantity?) { (self.numerator, self.denominator) = (numerator, denominator) }
    }

    public struct Period: Hashable, Sendable, Codable {
        public var start: DateTime?
        public var end: DateTime?
        public init(start: DateTime?, end: DateTime?) { (self.start, self.end) = (start, end) }
    }
}
