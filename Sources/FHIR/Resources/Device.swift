extension R4 {
    /// What made a result (FHIR R4, 8.9).
    public struct Device: FHIRResource {
        public static let resourceType = "Device"

        /// The value set `device-status`.
        public enum Status: String, Hashable, Sendable, Codable, CaseIterable {
            case active, inactive
            case enteredInError = "entered-in-error"
            case unknown
        }

        public struct Name: Hashable, Sendable, Codable {
            /// The value set `device-nametype`.
            public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
                case udiLabel = "udi-label-name"
                case userFriendly = "user-friendly-name"
                case patientReported = "patient-reported-name"
                case manufacturer = "manufacturer-name"
                case model = "model-name"
                case other
            }
            public var name: String
            public var type: Kind
            public init(_ name: String, _ type: Kind) { (self.name, self.type) = (name, type) }
        }

        public struct Version: Hashable, Sendable, Codable {
            public var type: CodeableConcept?
            public var value: String
            public init(_ value: String, type: CodeableConcept? = nil) { (self.value, self.type) = (value, type) }
        }

        public private(set) var resourceType = ResourceTag<Device>()
        public var id: String?
        public var meta: Meta?
        public var implicitRules: String?
        public var language: String?
        public var text: Narrative?
        public var modifierExtension: [JSONTree]?
        public var identifier: [Identifier]?
        public var status: Status?
        public var manufacturer: String?
        public var modelNumber: String?
        public var serialNumber: String?
        public var deviceName: [Name]?
        public var type: CodeableConcept?
        public var version: [Version]?
        public var note: [Annotation]?

        public init() {}
    }
}
