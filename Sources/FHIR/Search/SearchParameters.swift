/// What can be searched for, by type: the server's promise and what is parsed are one table.
public enum SearchParameters {
    public static let types = ["DiagnosticReport", "ImagingStudy", "Observation", "Patient"]

    struct Parameter: Sendable {
        var name: String
        var kind: R4.CapabilityStatement.ParameterKind
        /// The search parameter of the standard.
        var definition: String
        /// What it asks for.
        var meaning: Meaning
    }

    enum Meaning: Sendable { case id, patient, patientIdentifier, identifier, date, status }

    static let base = "http://hl7.org/fhir/SearchParameter/"

    static func parameters(of type: String) -> [Parameter] {
        func one(_ name: String, _ kind: R4.CapabilityStatement.ParameterKind, _ definition: String, _ meaning: Meaning) -> Parameter {
            Parameter(name: name, kind: kind, definition: base + definition, meaning: meaning)
        }
        let id = one("_id", .token, "Resource-id", .id)
        let patients = [
            one("patient", .reference, "clinical-patient", .patient),
            one("patient.identifier", .token, "Patient-identifier", .patientIdentifier),
            one("subject", .reference, type + "-subject", .patient),
        ]
        switch type {
        case "Patient": return [id, one("identifier", .token, "Patient-identifier", .identifier)]
        case "DiagnosticReport", "Observation":
            return [id] + patients + [
                one("date", .date, "clinical-date", .date), one("identifier", .token, "clinical-identifier", .identifier),
                one("status", .token, type + "-status", .status),
            ]
        case "ImagingStudy":
            return [id] + patients + [
                one("started", .date, "ImagingStudy-started", .date), one("identifier", .token, "clinical-identifier", .identifier),
                one("status", .token, "ImagingStudy-status", .status),
            ]
        default: return []
        }
    }

    /// Parameters that say how the answer looks.
    static let general = ["_count", "_cursor", "_format", "_pretty"]
}
