extension R4 {
    /// The value set `administrative-gender`.
    public enum Gender: String, Hashable, Sendable, Codable, CaseIterable { case male, female, other, unknown }

    /// Who was examined (FHIR R4, 8.1).
    public struct Patient: FHIRResource {
        public static let resourceType = "Patient"

        public private(set) var resourceType = ResourceTag<Patient>()
        public var id: String?
        public var meta: Meta?
        public var implicitRules: String?
        public var language: String?
        public var text: Narrative?
        public var modifierExtension: [JSONTree]?
        public var identifier: [Identifier]?
        public var active: Bool?
        public var name: [HumanName]?
        public var gender: Gender?
        public var birthDate: CalendarDate?
        public var managingOrganization: Reference?

        public init() {}
    }
}
