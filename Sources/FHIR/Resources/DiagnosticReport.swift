extension R4 {
    /// The value set `diagnostic-report-status`.
    public enum ReportStatus: String, Hashable, Sendable, Codable, CaseIterable {
        case registered, partial, preliminary, final, amended, corrected, appended, cancelled
        case enteredInError = "entered-in-error"
        case unknown
    }

    /// What was found in a study (FHIR R4, 10.3).
    public struct DiagnosticReport: FHIRResource {
        public static let resourceType = "DiagnosticReport"

        public var id: String?
        public var meta: Meta?
        public var implicitRules: String?
        public var language: String?
        public var text: Narrative?
        public var modifierExtension: [JSONTree]?
        public var identifier: [Identifier]?
        public var basedOn: [Reference]?
        public var status: ReportStatus
        public var category: [CodeableConcept]?
        public var code: CodeableConcept
        public var subject: Reference?
        public var encounter: Reference?
        public var effective: Effective?
        public var issued: Instant?
        public var performer: [Reference]?
        public var resultsInterpreter: [Reference]?
        public var result: [Reference]?
        public var imagingStudy: [Reference]?
        public var conclusion: String?
        public var conclusionCode: [CodeableConcept]?
        public var presentedForm: [Attachment]?

        public init(status: ReportStatus, code: CodeableConcept) { (self.status, self.code) = (status, code) }

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
            status = try values.value("status")
            category = try values.optional("category")
            code = try values.value("code")
            subject = try values.optional("subject")
            encounter = try values.optional("encounter")
            effective = try Effective.read(values, "effective", of: ["DateTime", "Period"])
            issued = try values.optional("issued")
            performer = try values.optional("performer")
            resultsInterpreter = try values.optional("resultsInterpreter")
            result = try values.optional("result")
            imagingStudy = try values.optional("imagingStudy")
            conclusion = try values.optional("conclusion")
            conclusionCode = try values.optional("conclusionCode")
            presentedForm = try values.optional("presentedForm")
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
            try values.put("status", status)
            try values.put("category", category)
            try values.put("code", code)
            try values.put("subject", subject)
            try values.put("encounter", encounter)
            try effective?.write(&values, "effective")
            try values.put("issued", issued)
            try values.put("performer", performer)
            try values.put("resultsInterpreter", resultsInterpreter)
            try values.put("result", result)
            try values.put("imagingStudy", imagingStudy)
            try values.put("conclusion", conclusion)
            try values.put("conclusionCode", conclusionCode)
            try values.put("presentedForm", presentedForm)
        }
    }
}
