extension R4 {
    /// What was ordered (FHIR R4, 12.13).
    public struct ServiceRequest: FHIRResource {
        public static let resourceType = "ServiceRequest"

        /// The value set `request-status`.
        public enum Status: String, Hashable, Sendable, Codable, CaseIterable {
            case draft, active
            case onHold = "on-hold"
            case revoked, completed
            case enteredInError = "entered-in-error"
            case unknown
        }

        /// The value set `request-intent`.
        public enum Intent: String, Hashable, Sendable, Codable, CaseIterable {
            case proposal, plan, directive, order
            case originalOrder = "original-order"
            case reflexOrder = "reflex-order"
            case fillerOrder = "filler-order"
            case instanceOrder = "instance-order"
            case option
        }

        /// The value set `request-priority`.
        public enum Priority: String, Hashable, Sendable, Codable, CaseIterable { case routine, urgent, asap, stat }

        public private(set) var resourceType = ResourceTag<ServiceRequest>()
        public var id: String?
        public var meta: Meta?
        public var implicitRules: String?
        public var language: String?
        public var text: Narrative?
        public var modifierExtension: [JSONTree]?
        public var identifier: [Identifier]?
        public var status: Status
        public var intent: Intent
        public var category: [CodeableConcept]?
        public var priority: Priority?
        public var doNotPerform: Bool?
        public var code: CodeableConcept?
        public var subject: Reference
        public var encounter: Reference?
        public var authoredOn: DateTime?
        public var reasonCode: [CodeableConcept]?
        public var note: [Annotation]?

        public init(status: Status, intent: Intent, subject: Reference) {
            (self.status, self.intent, self.subject) = (status, intent, subject)
        }
    }
}
