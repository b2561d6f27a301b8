extension R4 {
    /// What a server does (FHIR R4, 5.2).
    public struct CapabilityStatement: FHIRResource {
        public static let resourceType = "CapabilityStatement"

        /// The value set `publication-status`.
        public enum Status: String, Hashable, Sendable, Codable, CaseIterable { case draft, active, retired, unknown }
        /// The value set `capability-statement-kind`.
        public enum Kind: String, Hashable, Sendable, Codable, CaseIterable { case instance, capability, requirements }
        /// The value set `search-param-type`.
        public enum ParameterKind: String, Hashable, Sendable, Codable, CaseIterable {
            case number, date, string, token, reference, composite, quantity, uri, special
        }

        public struct Software: Hashable, Sendable, Codable {
            public var name: String
            public var version: String?
            public init(name: String, version: String?) { (self.name, self.version) = (name, version) }
        }

        public struct Implementation: Hashable, Sendable, Codable {
            public var description: String
            public var url: String?
            public init(description: String, url: String?) { (self.description, self.url) = (description, url) }
        }

        public struct Interaction: Hashable, Sendable, Codable {
            public var code: String
            public init(_ code: String) { self.code = code }
        }

        public struct Parameter: Hashable, Sendable, Codable {
            public var name: String
            public var definition: String?
            public var type: ParameterKind
            public var documentation: String?
            public init(_ name: String, _ type: ParameterKind, definition: String?) {
                (self.name, self.type, self.definition) = (name, type, definition)
            }
        }

        public struct Resource: Hashable, Sendable, Codable {
            public var type: String
            public var interaction: [Interaction]?
            public var versioning: String?
            public var searchParam: [Parameter]?
            public init(type: String) { self.type = type }
        }

        public struct Security: Hashable, Sendable, Codable {
            public var description: String?
            public init(description: String?) { self.description = description }
        }

        public struct Rest: Hashable, Sendable, Codable {
            public var mode: String
            public var documentation: String?
            public var security: Security?
            public var resource: [Resource]?
            public init(mode: String) { self.mode = mode }
        }

        public private(set) var resourceType = ResourceTag<CapabilityStatement>()
        public var id: String?
        public var meta: Meta?
        public var status: Status
        public var date: DateTime
        public var publisher: String?
        public var description: String?
        public var kind: Kind
        public var software: Software?
        public var implementation: Implementation?
        public var fhirVersion: String
        public var format: [String]
        public var rest: [Rest]?

        public init(status: Status, date: DateTime, kind: Kind, fhirVersion: String = R4.version, format: [String]) {
            (self.status, self.date, self.kind, self.fhirVersion, self.format) = (status, date, kind, fhirVersion, format)
        }
    }
}
