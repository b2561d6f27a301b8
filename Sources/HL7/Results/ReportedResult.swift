import Foundation
import Geometry
import Results
import Terminology

/// What an ORU of Pleura's says.
public struct ReportedResult: Hashable, Sendable {
    public var controlID: String
    /// Of the result.
    public var identifier: String?
    public var status: StudyResult.Status
    public var issued: Date?
    public var patient: PatientIdentity
    public var placerNumber: String?
    public var fillerNumber: String?
    public var accessionNumber: String?
    public var visitNumber: String?
    public var studyUID: String?
    /// SOP Instance UIDs.
    public var images: [String]
    public var findings: [ReportedFinding]
    /// Cardiothoracic ratios by OBX-4 of their image, such as `I1`.
    public var ratios: [String: ResultRatio] = [:]
    /// Whether it says that no abnormality was detected.
    public var isNegative: Bool
    public var text: String
    public var notice: String?
    public var link: String?
    public var isUrgent: Bool
    public var person: String?
    public var model: ResultReader.Model?
}

/// A finding of an ORU.
public struct ReportedFinding: Hashable, Sendable {
    /// OBX-4.
    public var group: String
    public var id: String?
    public var label: String
    /// The preferred code.
    public var code: ConceptCode
    public var site: ConceptCode?
    public var laterality: ConceptCode?
    public var image: String?
    /// In pixels of the image.
    public var box: Box?
    public var score: Double?
    /// In 0...1.
    public var probability: Double?
    /// The id of another finding.
    public var alternativeTo: String?
    public var decision: ResultFinding.Decision?
    /// OBX-11.
    public var status: StudyResult.Status?
}
