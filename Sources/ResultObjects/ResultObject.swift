import Foundation

/// A DICOM object that carries a result, or a part of it, to other systems.
public struct ResultObject: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// Comprehensive SR or Comprehensive 3D SR, TID 1500 (PS3.3 A.35.3, A.35.13).
        case structuredReport
        /// Grayscale or Color Softcopy Presentation State (PS3.3 A.33.1, A.33.2).
        case presentationState
        /// Secondary Capture with what was found burnt in (PS3.3 A.8.1).
        case secondaryCapture
        /// Segmentation (PS3.3 A.51).
        case segmentation
        /// Encapsulated PDF (PS3.3 A.45.1).
        case encapsulatedDocument

        /// Modality (0008,0060) of the object's series.
        public var modality: String {
            switch self {
            case .structuredReport: "SR"
            case .presentationState: "PR"
            case .secondaryCapture: "OT"
            case .segmentation: "SEG"
            case .encapsulatedDocument: "DOC"
            }
        }

        /// Series Number (0020,0011).
        var seriesNumber: Int {
            switch self {
            case .structuredReport: 9001
            case .presentationState: 9002
            case .secondaryCapture: 9003
            case .segmentation: 9004
            case .encapsulatedDocument: 9005
            }
        }
    }

    public var kind: Kind
    public var sopClassUID: String
    public var sopInstanceUID: String
    public var seriesInstanceUID: String
    public var studyInstanceUID: String
    /// In which the dataset is encoded.
    public var transferSyntaxUID: String
    /// SOP Instance UID of the one image that it is about; `nil` where it is about all.
    public var image: String?
    /// The whole file (PS3.10).
    public var bytes: Data

    public init(
        kind: Kind, sopClassUID: String, sopInstanceUID: String, seriesInstanceUID: String, studyInstanceUID: String,
        transferSyntaxUID: String, image: String? = nil, bytes: Data
    ) {
        (self.kind, self.sopClassUID, self.sopInstanceUID) = (kind, sopClassUID, sopInstanceUID)
        (self.seriesInstanceUID, self.studyInstanceUID) = (seriesInstanceUID, studyInstanceUID)
        (self.transferSyntaxUID, self.image, self.bytes) = (transferSyntaxUID, image, bytes)
    }

    /// A name for its file that says what it is: `sr-` and so on, and the end of its SOP Instance UID. No patient data.
    public var fileName: String { "\(modalityWord)-\(sopInstanceUID.suffix(12)).dcm" }

    private var modalityWord: String { kind == .secondaryCapture ? "sc" : kind.modality.lowercased() }
}
