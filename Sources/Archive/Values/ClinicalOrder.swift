import Foundation
import Results

/// An order as the ordering system told it. It may come before the images or after them.
public struct ClinicalOrder: Hashable, Sendable, Codable {
    public var accessionNumber: String?
    /// Study Instance UID.
    public var studyUID: String?
    public var patient: PatientIdentity
    public var details: ResultOrder
    public var urgency: StudyUrgency
    public var isCancelled: Bool
    public var received: Date

    public init(
        accessionNumber: String? = nil, studyUID: String? = nil, patient: PatientIdentity, details: ResultOrder,
        urgency: StudyUrgency = .routine, isCancelled: Bool = false, received: Date
    ) {
        (self.accessionNumber, self.studyUID, self.patient, self.details) = (accessionNumber, studyUID, patient, details)
        (self.urgency, self.isCancelled, self.received) = (urgency, isCancelled, received)
    }

    /// What names the order: a later message about the same takes the place of this one. `nil` where nothing names it.
    public var key: String? {
        for (kind, value) in [
            ("placer", details.placerNumber), ("filler", details.fillerNumber), ("accession", accessionNumber), ("study", studyUID),
        ] {
            if let value, !value.isEmpty { return "\(kind) \(value)" }
        }
        return nil
    }

    /// Whether a study is the one that was ordered. An accession number alone is not enough where the patients are two.
    public func isFor(_ study: Study) -> Bool {
        if let studyUID, !studyUID.isEmpty, studyUID == study.uid { return true }
        guard let accessionNumber, !accessionNumber.isEmpty, accessionNumber == study.accessionNumber else { return false }
        guard let ordered = patient.id, let there = study.patient.id else { return true }
        return ordered == there
    }
}
