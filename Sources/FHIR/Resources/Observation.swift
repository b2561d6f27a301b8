extension R4 {
    /// The value set `observation-status`.
    public enum ObservationStatus: String, Hashable, Sendable, Codable, CaseIterable {
        case registered, preliminary, final, amended, corrected, cancelled
        case enteredInError = "entered-in-error"
        case unknown
    }

    /// One thing that was found (FHIR R4, 10.1).
    public struct Observation: FHIRResource {
        public static let resourceType = "Observation"

        /// A part of it, with a name of its own.
        public struct Component: Hashable, Sendable, Codable {
            public var code: CodeableConcept
            public var value: ObservationValue?
            public var dataAbsentReason: CodeableConcept?
            public var interpretation: [CodeableConcept]?

            public init(code: CodeableConcept, value: ObservationValue?) { (self.code, self.value) = (code, value) }

            public init(from decoder: any Decoder) throws {
                let values = try decoder.container(keyedBy: ElementName.self)
                code = try values.value("code")
                value = try ObservationValue.read(values)
                dataAbsentReason = try values.optional("dataAbsentReason")
                interpretation = try values.optional("interpretation")
            }

            public func encode(to encoder: any Encoder) throws {
                var values = encoder.container(keyedBy: ElementName.self)
                try values.put("code", code)
                try value?.write(&values)
                try values.put("dataAbsentReason", dataAbsentReason)
                try values.put("interpretation", interpretation)
            }
        }

        public var id: String?
        public var meta: Meta?
        public var implicitRules: String?
        public var language: String?
        public var text: Narrative?
        public var modifierExtension: [JSONTree]?
        public var identifier: [Identifier]?
        public var basedOn: [Reference]?
        public var partOf: [Reference]?
        public var status: ObservationStatus
        public var category: [CodeableConcept]?
        public var code: CodeableConcept
        public var subject: Reference?
        public var encounter: Reference?
        public var effective: Effective?
        public var issued: Instant?
        public var performer: [Reference]?
        public var value: ObservationValue?
        public var dataAbsentReason: CodeableConcept?
        public var interpretation: [CodeableConcept]?
        public var note: [Annotation]?
        public var bodySite: CodeableConcept?
        public var method: CodeableConcept?
        public var device: Reference?
        public var hasMember: [Reference]?
        public var derivedFrom: [Reference]?
        public var component: [Component]?

        public init(status: ObservationStatus, code: CodeableConcept) { (self.status, self.code) = (status, code) }

        public init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: ElementName.self)
            _ = try values.value("resourceType", ResourceTag<Self>.self)
            id = try values.optional("id")
            meta = try values.optional("meta")
            implicitRules = try values.optional("implicitRules")
            language = try values.optional("language")
            text = try values.optional("text")
            modifierExtension = try values.optional("modifierExtension")
            identifier = try values.optional("identifier")
            basedOn = try values.optional("basedOn")
            partOf = try values.optional("partOf")
            status = try values.value("status")
            category = try values.optional("category")
            code = try values.value("code")
            subject = try values.optional("subject")
            encounter = try values.optional("encounter")
            effective = try Effective.read(values, "effective", of: ["DateTime", "Period", "Timing", "Instant"])
            issued = try values.optional("issued")
            performer = try values.optional("performer")
            value = try ObservationValue.read(values)
            dataAbsentReason = try values.optional("dataAbsentReason")
            interpretation = try values.optional("interpretation")
            note = try values.optional("note")
            bodySite = try values.optional("bodySite")
            method = try values.optional("method")
            device = try values.optional("device")
            hasMember = try values.optional("hasMember")
            derivedFrom = try values.optional("derivedFrom")
            component = try values.optional("component")
        }

        public func encode(to encoder: any Encoder) throws {
            var values = encoder.container(keyedBy: ElementName.self)
            try values.put("resourceType", ResourceTag<Self>())
            try values.put("id", id)
            try values.put("meta", meta)
            try values.put("implicitRules", implicitRules)
            try values.put("language", language)
            try values.put("text", text)
            try values.put("modifierExtension", modifierExtension)
            try values.put("identifier", identifier)
            try values.put("basedOn", basedOn)
            try values.put("partOf", partOf)
            try values.put("status", status)
            try values.put("category", category)
            try values.put("code", code)
            try values.put("subject", subject)
            try values.put("encounter", encounter)
            try effective?.write(&values, "effective")
            try values.put("issued", issued)
            try values.put("performer", performer)
            try value?.write(&values)
            try values.put("dataAbsentReason", dataAbsentReason)
            try values.put("interpretation", interpretation)
            try values.put("note", note)
            try values.put("bodySite", bodySite)
            try values.put("method", method)
            try values.put("device", device)
            try values.put("hasMember", hasMember)
            try values.put("derivedFrom", derivedFrom)
            try values.put("component", component)
        }
    }
}
