import Foundation
import Results

/// What a study is waiting for, as the worklist tells it.
public enum StudyStatus: String, Hashable, Sendable, Codable, CaseIterable {
    /// An image has not been read by the model yet.
    case waiting
    /// The model has read every image; no person has.
    case read
    /// An image could not be read. It waits for a person, who sees the reason.
    case failed
    /// A person has saved a reading and not signed it.
    case reviewed
    /// A person has signed. It stays in the list, behind the open ones.
    case signed
}

/// How soon a study is wanted, as the sender or a person says it.
public enum StudyUrgency: String, Hashable, Sendable, Codable, CaseIterable {
    case routine
    /// Before all others.
    case stat
}

/// The best box of a label in a study, and how many there are.
public struct FoundLabel: Hashable, Sendable, Codable {
    public var label: String
    public var score: Double
    public var probability: Double?
    public var count: Int

    public init(label: String, score: Double, probability: Double? = nil, count: Int) {
        (self.label, self.score, self.probability, self.count) = (label, score, probability, count)
    }
}

/// Where a study stands in the worklist: what follows from its images, readings and urgency.
public struct Standing: Hashable, Sendable {
    public var status: StudyStatus
    /// By when it is to be looked at; open studies are listed by it.
    public var due: Date
    /// Why it is due then: a finding's name, or `stat`, `failed`, `waiting`, `nothing_seen`, `other`.
    public var dueClass: String
    /// Best first: what the latest person said, or else what the model shows at the protocol's operating point.
    public var findings: [FoundLabel]
    /// Why an image could not be read, or why the model's silence about it says nothing, in a sentence without patient data.
    public var failure: String?

    /// What open studies are listed by, and jobs done by: the due date, and what is wanted at once before all others, whatever is overdue.
    public var order: Date { dueClass == Self.stat ? due.addingTimeInterval(-Self.headStart) : due }

    /// The class of a study that is wanted at once.
    public static let stat = "stat"
    /// More than any study waits: two hundred years.
    private static let headStart: TimeInterval = 200 * 365.25 * 86_400

    public init(status: StudyStatus, due: Date, dueClass: String, findings: [FoundLabel] = [], failure: String? = nil) {
        (self.status, self.due, self.dueClass, self.findings, self.failure) = (status, due, dueClass, findings, failure)
    }
}

/// A study as the worklist shows it.
public struct Study: Hashable, Sendable {
    public var id: StudyID
    /// Study Instance UID.
    public var uid: String
    public var patient: PatientIdentity
    /// In years at the time of the study.
    public var patientAge: Double?
    /// `YYYY-MM-DD`.
    public var studyDate: String?
    public var accessionNumber: String?
    /// Study Description (0008,1030).
    public var studyDescription: String?
    /// When its first image came.
    public var received: Date
    public var urgency: StudyUrgency
    /// The name of its protocol.
    public var protocolName: String
    public var standing: Standing
    public var modality: String?
    /// View positions of its images, each once.
    public var views: [String]
    public var instanceCount: Int
    public var firstInstance: InstanceID?
    public var signedBy: String?
    public var signed: Date?
    /// The number of its latest reading; `nil` where it has none.
    public var revision: Int64?

    public init(
        id: StudyID, uid: String, patient: PatientIdentity = PatientIdentity(), patientAge: Double? = nil, studyDate: String? = nil,
        accessionNumber: String? = nil, studyDescription: String? = nil, received: Date, urgency: StudyUrgency = .routine,
        protocolName: String, standing: Standing, modality: String? = nil, views: [String] = [], instanceCount: Int = 0,
        firstInstance: InstanceID? = nil, signedBy: String? = nil, signed: Date? = nil, revision: Int64? = nil
    ) {
        (self.id, self.uid, self.patient, self.patientAge, self.studyDate) = (id, uid, patient, patientAge, studyDate)
        (self.accessionNumber, self.studyDescription, self.received, self.urgency) = (accessionNumber, studyDescription, received, urgency)
        (self.protocolName, self.standing, self.modality, self.views) = (protocolName, standing, modality, views)
        (self.instanceCount, self.firstInstance, self.signedBy, self.signed) = (instanceCount, firstInstance, signedBy, signed)
        self.revision = revision
    }
}
