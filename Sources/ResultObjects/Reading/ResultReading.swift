import Foundation
import Geometry
import Results
import Terminology

/// What stands in a result object, read from its bytes by itself: ours of every kind, and other makers' reports by TID 1500.
public struct ResultReading: Hashable, Sendable {
    public var kind: ResultObject.Kind
    public var sopClassUID: String
    public var sopInstanceUID: String
    public var seriesInstanceUID: String
    public var studyInstanceUID: String
    public var patient: PatientIdentity
    public var accessionNumber: String?
    /// Of a report; by its flags (PS3.3 C.17.2). `nil` of other kinds, which have none.
    public var status: StudyResult.Status?
    /// Who has verified it.
    public var verifier: String?
    /// The algorithm's name and version, where one is named.
    public var algorithm: ResultReader.Model?
    /// The images that the object refers to as its evidence or source.
    public var images: [Image]
    public var findings: [Finding]
    /// Cardiothoracic ratios of a report.
    public var ratios: [Ratio] = []
    /// Plain texts of the object, in its order: notice, comment, what was not read.
    public var texts: [String]

    /// An image referred to.
    public struct Image: Hashable, Sendable {
        public var sopInstanceUID: String
        public var sopClassUID: String?
        public var seriesInstanceUID: String?
        /// From 1; `nil` for all.
        public var frame: Int?

        public init(sopInstanceUID: String, sopClassUID: String? = nil, seriesInstanceUID: String? = nil, frame: Int? = nil) {
            (self.sopInstanceUID, self.sopClassUID) = (sopInstanceUID, sopClassUID)
            (self.seriesInstanceUID, self.frame) = (seriesInstanceUID, frame)
        }
    }

    /// A cardiothoracic ratio with its two lines.
    public struct Ratio: Hashable, Sendable {
        /// SOP Instance UID.
        public var image: String?
        public var ratio: ResultRatio
    }

    /// A finding as the object says it.
    public struct Finding: Hashable, Sendable {
        /// Tracking Identifier, or what stands for it.
        public var id: String?
        public var trackingUID: String?
        /// Code Meaning, or the text beside the box.
        public var label: String
        /// Where the object has codes.
        public var code: ConceptCode?
        public var site: ConceptCode?
        /// SOP Instance UID.
        public var image: String?
        /// From 1.
        public var frame: Int?
        /// In pixels of the image, from the top-left corner of its top-left pixel: around whatever shape the object has. `nil`: none.
        public var box: Box?
        /// In 0...1, as exact as the object has it.
        public var score: Double?
        public var probability: Double?
        /// Of a segment: how many pixels it has.
        public var pixels: Int?

        public init(
            id: String? = nil, trackingUID: String? = nil, label: String, code: ConceptCode? = nil, site: ConceptCode? = nil,
            image: String? = nil, frame: Int? = nil, box: Box? = nil, score: Double? = nil, probability: Double? = nil, pixels: Int? = nil
        ) {
            (self.id, self.trackingUID, self.label, self.code, self.site) = (id, trackingUID, label, code, site)
            (self.image, self.frame, self.box, self.score, self.probability) = (image, frame, box, score, probability)
            self.pixels = pixels
        }
    }
}

extension ResultReading {
    /// - Parameter bytes: A DICOM file.
    /// - Throws: `ResultObjectError` of code `unreadable`.
    public init(_ bytes: Data) throws { self = try ObjectReading.read(bytes) }
}
