import Foundation

/// What other systems say of orders and patients.
public protocol ClinicalArchive: Sendable {
    /// Applies what a message says, whole or not at all, once.
    ///
    /// An order gives its studies its urgency, those that are there and those that come; a cancelled one takes nothing away. A change of a patient
    /// changes the studies under the Patient ID and issuer, not the files. After a merge what still comes under the retired number becomes the
    /// surviving one's, until the merge is taken back: then every study is as it was before, but those that were changed otherwise since.
    /// - Parameters:
    ///   - message: `nil` to apply it in any case.
    ///   - followUp: The kind of job that is noted for the latest reading of each study whose order was not known before; `nil` for none.
    func apply(
        _ changes: [ClinicalChange], from message: MessageKey?, now: Date, followUp: String?,
        standing: @escaping @Sendable (StudyState) -> Standing
    ) async throws -> AppliedChanges
    /// The latest that is for a study and not cancelled.
    func order(of study: StudyID) async throws -> ClinicalOrder?
    /// Newest first.
    func patientChanges(study: StudyID?, before: Int64?, limit: Int) async throws -> [PatientChange]
}
