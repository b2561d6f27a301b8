import Foundation
import Results

/// What another system says of orders and patients.
public enum ClinicalChange: Hashable, Sendable {
    case order(ClinicalOrder)
    /// What is known of a patient, by Patient ID and issuer.
    case patient(PatientIdentity)
    /// Two numbers were one person's: studies under the retired one become the other's.
    case merge(retired: PatientIdentity, surviving: PatientIdentity)
    /// They were not.
    case unmerge(retired: PatientIdentity, surviving: PatientIdentity)
}

/// Names a message, so that the same one twice has its effect once.
public struct MessageKey: Hashable, Sendable {
    public var sender: String
    public var controlID: String

    public init(sender: String, controlID: String) { (self.sender, self.controlID) = (sender, controlID) }
}

/// What came of changes.
public struct AppliedChanges: Hashable, Sendable {
    /// The message had been applied before; nothing was changed now.
    public var isRepeated: Bool
    /// Studies that are otherwise now.
    public var studies: [StudyID]

    public init(isRepeated: Bool = false, studies: [StudyID] = []) { (self.isRepeated, self.studies) = (isRepeated, studies) }
}

/// A change of the patient of a study, and what was before.
public struct PatientChange: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        case update, merge
    }

    public var id: Int64
    public var time: Date
    public var kind: Kind
    public var study: StudyID
    public var before: PatientIdentity
    public var after: PatientIdentity
    public var isUndone: Bool

    public init(id: Int64, time: Date, kind: Kind, study: StudyID, before: PatientIdentity, after: PatientIdentity, isUndone: Bool) {
        (self.id, self.time, self.kind, self.study) = (id, time, kind, study)
        (self.before, self.after, self.isUndone) = (before, after, isUndone)
    }
}
