/// Keys of a Modality Worklist (PS3.4 K.6.1.2). What is `nil` matches all.
public struct WorklistQuery: Sendable, Hashable {
    public var dates: DateRange?
    public var modality: String?
    public var stationTitle: String?
    public var accessionNumber: String?
    public var patientID: String?

    public init(
        dates: DateRange? = nil, modality: String? = nil, stationTitle: String? = nil, accessionNumber: String? = nil,
        patientID: String? = nil
    ) {
        self.dates = dates
        self.modality = modality
        self.stationTitle = stationTitle
        self.accessionNumber = accessionNumber
        self.patientID = patientID
    }

    var keys: [String: String] {
        let step = "ScheduledProcedureStepSequence[0]."
        var keys = [
            "AccessionNumber": accessionNumber ?? "", "PatientID": patientID ?? "",
            step + "Modality": modality ?? "", step + "ScheduledProcedureStepStartDate": dates?.key ?? "",
            step + "ScheduledStationAETitle": stationTitle ?? "",
        ]
        for name in [
            "PatientName", "IssuerOfPatientID", "PatientBirthDate", "PatientSex", "StudyInstanceUID", "RequestedProcedureID",
            "RequestedProcedureDescription", "RequestedProcedurePriority", "ReasonForTheRequestedProcedure", "ReferringPhysicianName",
            "RequestingPhysician", "AdmissionID", "CurrentPatientLocation",
        ] { keys[name] = "" }
        for name in ["StartTime", "ID", "Description", "Location"] { keys[step + "ScheduledProcedureStep" + name] = "" }
        keys[step + "ScheduledPerformingPhysicianName"] = ""
        return keys
    }
}
