/// A study that a peer knows. Texts are empty where the answer did not say.
public struct StudyMatch: Sendable, Hashable {
    public var answer: QueryAnswer
    public init(answer: QueryAnswer) { self.answer = answer }

    public var studyInstanceUID: String { answer["StudyInstanceUID"] ?? "" }
    public var patientID: String { answer["PatientID"] ?? "" }
    public var issuerOfPatientID: String { answer["IssuerOfPatientID"] ?? "" }
    public var patientName: String { answer["PatientName"] ?? "" }
    public var patientBirthDate: String { answer["PatientBirthDate"] ?? "" }
    public var patientSex: String { answer["PatientSex"] ?? "" }
    public var accessionNumber: String { answer["AccessionNumber"] ?? "" }
    /// YYYYMMDD.
    public var studyDate: String { answer["StudyDate"] ?? "" }
    public var studyTime: String { answer["StudyTime"] ?? "" }
    public var studyDescription: String { answer["StudyDescription"] ?? "" }
    public var modalities: [String] { answer.list("ModalitiesInStudy") }
    public var instanceCount: Int? { answer["NumberOfStudyRelatedInstances"].flatMap { Int($0) } }
    public var seriesCount: Int? { answer["NumberOfStudyRelatedSeries"].flatMap { Int($0) } }
}

/// A series of a study.
public struct SeriesMatch: Sendable, Hashable {
    public var answer: QueryAnswer
    public init(answer: QueryAnswer) { self.answer = answer }

    public var studyInstanceUID: String { answer["StudyInstanceUID"] ?? "" }
    public var seriesInstanceUID: String { answer["SeriesInstanceUID"] ?? "" }
    public var modality: String { answer["Modality"] ?? "" }
    public var seriesNumber: Int? { answer["SeriesNumber"].flatMap { Int($0) } }
    public var seriesDescription: String { answer["SeriesDescription"] ?? "" }
    public var bodyPart: String { answer["BodyPartExamined"] ?? "" }
    public var instanceCount: Int? { answer["NumberOfSeriesRelatedInstances"].flatMap { Int($0) } }
}

/// An instance of a series.
public struct InstanceMatch: Sendable, Hashable {
    public var answer: QueryAnswer
    public init(answer: QueryAnswer) { self.answer = answer }

    public var sopInstanceUID: String { answer["SOPInstanceUID"] ?? "" }
    public var sopClassUID: String { answer["SOPClassUID"] ?? "" }
    public var instanceNumber: Int? { answer["InstanceNumber"].flatMap { Int($0) } }
}
