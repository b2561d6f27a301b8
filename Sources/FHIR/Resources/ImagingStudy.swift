extension R4 {
    /// The images of an examination (FHIR R4, 11.14).
    public struct ImagingStudy: FHIRResource {
        public static let resourceType = "ImagingStudy"

        /// The value set `imagingstudy-status`.
        public enum Status: String, Hashable, Sendable, Codable, CaseIterable {
            case registered, available, cancelled
            case enteredInError = "entered-in-error"
            case unknown
        }

        public struct Series: Hashable, Sendable, Codable {
            public var id: String?
            /// Series Instance UID, without `urn:oid:`.
            public var uid: String
            public var number: Int?
            public var modality: Coding
            public var description: String?
            public var numberOfInstances: Int?
            public var bodySite: Coding?
            public var laterality: Coding?
            public var started: DateTime?
            public var instance: [Instance]?

            public init(uid: String, modality: Coding) { (self.uid, self.modality) = (uid, modality) }
        }

        public struct Instance: Hashable, Sendable, Codable {
            /// SOP Instance UID.
            public var uid: String
            /// `urn:oid:` and the SOP Class UID, of system `urn:ietf:rfc:3986`.
            public var sopClass: Coding
            public var number: Int?
            public var title: String?

            public init(uid: String, sopClass: Coding) { (self.uid, self.sopClass) = (uid, sopClass) }
        }

        public private(set) var resourceType = ResourceTag<ImagingStudy>()
        public var id: String?
        public var meta: Meta?
        public var implicitRules: String?
        public var language: String?
        public var text: Narrative?
        public var modifierExtension: [JSONTree]?
        public var identifier: [Identifier]?
        public var status: Status
        public var modality: [Coding]?
        public var subject: Reference
        public var encounter: Reference?
        public var started: DateTime?
        public var basedOn: [Reference]?
        public var referrer: Reference?
        public var numberOfSeries: Int?
        public var numberOfInstances: Int?
        public var procedureCode: [CodeableConcept]?
        public var reasonCode: [CodeableConcept]?
        public var note: [Annotation]?
        public var description: String?
        public var series: [Series]?

        public init(status: Status, subject: Reference) { (self.status, self.subject) = (status, subject) }
    }
}
