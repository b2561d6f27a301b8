import Foundation
import Results
import Terminology

/// Reads objects back from their bytes and compares them with the result that they were made of: before anything is sent.
public struct ResultProof: Sendable {
    public var terminology: Terminology

    public init(terminology: Terminology = .standard) { self.terminology = terminology }

    /// Compares study, status, references, and of each finding its image, frame, codes, box (0.01 px) and score, as exact as the object
    /// can have them; a report's structure also by DCMTK's rules of its SOP class (relations between content items).
    /// - Parameters:
    ///   - masks: What the objects were made of.
    ///   - source: As for `ResultObjects.make`: the header's patient and study are compared too.
    /// - Throws: `ResultObjectError` of code `differs`, naming what differs but no value of it; of code `unreadable`.
    public func check(
        _ objects: [ResultObject], against result: StudyResult, masks: [ResultMask] = [], source: (String) throws -> Data? = { _ in nil }
    ) throws {
        for object in objects { try check(object, against: result, masks: masks, source: source) }
    }
}
