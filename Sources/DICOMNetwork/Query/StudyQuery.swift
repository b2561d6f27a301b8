/// Keys of a study-root query for studies (PS3.4 C.6.2). What is `nil` matches all.
public struct StudyQuery: Sendable, Hashable {
    public var patientID: String?
    public var issuerOfPatientID: String?
    public var accessionNumber: String?
    public var studyInstanceUID: String?
    /// Any series' modality.
    public var modality: String?
    public var dates: DateRange?

    public init(
        patientID: String? = nil, issuerOfPatientID: String? = nil, accessionNumber: String? = nil, studyInstanceUID: String? = nil,
        modality: String? = nil, dates: DateRange? = nil
    ) {
        self.patientID = patientID
        self.issuerOfPatientID = issuerOfPatientID
        self.accessionNumber = accessionNumber
        self.studyInstanceUID = studyInstanceUID
        self.modality = modality
        self.dates = dates
    }

    var keys: [String: String] {
        var keys = [
            "QueryRetrieveLevel": "STUDY", "PatientID": patientID ?? "", "AccessionNumber": accessionNumber ?? "",
            "StudyInstanceUID": studyInstanceUID ?? "", "ModalitiesInStudy": modality ?? "", "StudyDate": dates?.key ?? "",
        ]
        // An optional key: some peers answer nothing where it is sent and they do not know it.
        if let issuerOfPatientID { keys["IssuerOfPatientID"] = issuerOfPatientID }
        for name in [
            "StudyTime", "StudyID", "StudyDescription", "PatientName", "PatientBirthDate", "PatientSex", "ReferringPhysicianName",
            "NumberOfStudyRelatedSeries", "NumberOfStudyRelatedInstances",
        ] { keys[name] = "" }
        return keys
    }
}
