import Foundation

extension R4 {
    /// Who did what, and when (FHIR R4, 6.4).
    public struct AuditEvent: FHIRResource {
        public static let resourceType = "AuditEvent"

        /// The value set `audit-event-action`.
        public enum Action: String, Hashable, Sendable, Codable, CaseIterable {
            case create = "C"
            case read = "R"
            case update = "U"
            case delete = "D"
            case execute = "E"
        }

        /// The value set `audit-event-outcome`.
        public enum Outcome: String, Hashable, Sendable, Codable, CaseIterable {
            case success = "0"
            case minorFailure = "4"
            case seriousFailure = "8"
            case majorFailure = "12"
        }

        public struct Agent: Hashable, Sendable, Codable {
            public struct Network: Hashable, Sendable, Codable {
                /// The value set `network-type`.
                public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
                    case machineName = "1"
                    case address = "2"
                    case telephone = "3"
                    case mail = "4"
                    case uri = "5"
                }
                public var address: String?
                public var type: Kind?
                public init(address: String?, type: Kind?) { (self.address, self.type) = (address, type) }
            }

            public var type: CodeableConcept?
            public var role: [CodeableConcept]?
            public var who: Reference?
            public var altId: String?
            public var name: String?
            /// Whether the agent began it.
            public var requestor: Bool
            public var network: Network?

            public init(who: Reference?, requestor: Bool) { (self.who, self.requestor) = (who, requestor) }
        }

        public struct Source: Hashable, Sendable, Codable {
            public var site: String?
            public var observer: Reference
            public var type: [Coding]?
            public init(observer: Reference, type: [Coding]? = nil) { (self.observer, self.type) = (observer, type) }
        }

        public struct Entity: Hashable, Sendable, Codable {
            public var what: Reference?
            public var type: Coding?
            public var role: Coding?
            public var lifecycle: Coding?
            public var description: String?
            /// The text of a query.
            public var query: Data?
            public init(what: Reference?, type: Coding? = nil, role: Coding? = nil) {
                (self.what, self.type, self.role) = (what, type, role)
            }
        }

        public private(set) var resourceType = ResourceTag<AuditEvent>()
        public var id: String?
        public var meta: Meta?
        public var implicitRules: String?
        public var language: String?
        public var text: Narrative?
        public var modifierExtension: [JSONTree]?
        public var type: Coding
        public var subtype: [Coding]?
        public var action: Action?
        public var period: Period?
        public var recorded: Instant
        public var outcome: Outcome?
        public var outcomeDesc: String?
        public var agent: [Agent]
        public var source: Source
        public var entity: [Entity]?

        public init(type: Coding, recorded: Instant, agent: [Agent], source: Source) {
            (self.type, self.recorded, self.agent, self.source) = (type, recorded, agent, source)
        }
    }
}
