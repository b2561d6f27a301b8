/// A scheduled procedure step of a worklist. Texts are empty where the answer did not say.
public struct WorklistEntry: Sendable, Hashable {
    public var answer: QueryAnswer

    public init(answer: QueryAnswer) { self.answer = answer }

    public var patientID: String { answer["PatientID"] ?? "" }
    public var issuerOfPatientID: String { answer["IssuerOfPatientID"] ?? "" }
    /// As DICOM writes it: family^given^middle^prefix^suffix, other alphabets after "=".
    public var patientName: String { answer["PatientName"] ?? "" }
    public var patientBirthDate: String { answer["PatientBirthDate"] ?? "" }
    public var patientSex: String { answer["PatientSex"] ?? "" }
    public var accessionNumber: String { answer["AccessionNumber"] ?? "" }
    public var studyInstanceUID: String { answer["StudyInstanceUID"] ?? "" }
    public var requestedProcedureID: String { answer["RequestedProcedureID"] ?? "" }
    public var requestedProcedureDescription: String { answer["RequestedProcedureDescription"] ?? "" }
    public var reason: String { answer["ReasonForTheRequestedProcedure"] ?? "" }
    /// STAT, HIGH, ROUTINE, MEDIUM, LOW.
    public var priority: String { answer["RequestedProcedurePriority"] ?? "" }
    public var referringPhysician: String { answer["ReferringPhysicianName"] ?? "" }
    public var requestingPhysician: String { answer["RequestingPhysician"] ?? "" }

    public var modality: String { step("Modality") }
    public var stationTitles: [String] { answer.list(Self.stepPath + "ScheduledStationAETitle") }
    /// YYYYMMDD.
    public var startDate: String { step("ScheduledProcedureStepStartDate") }
    /// HHMMSS, as far as given.
    public var startTime: String { step("ScheduledProcedureStepStartTime") }
    public var stepID: String { step("ScheduledProcedureStepID") }
    public var stepDescription: String { step("ScheduledProcedureStepDescription") }

    private static let stepPath = "ScheduledProcedureStepSequence[0]."
    private func step(_ name: String) -> String { answer[Self.stepPath + name] ?? "" }
}
