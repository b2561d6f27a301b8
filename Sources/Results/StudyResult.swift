import Foundation

/// What one reader found in a study, for other systems: independent of the form in which it reaches them, and of the store that keeps it.
///
/// Everything that is made of it (UIDs, control ids, identifiers) follows from its values alone, so whoever makes it again makes the same.
public struct StudyResult: Hashable, Sendable {
    /// How binding it is.
    public enum Status: String, Hashable, Sendable, Codable, CaseIterable {
        /// A model's, or a person's that is not signed.
        case preliminary
        /// A person has signed it.
        case final
        /// A person has signed it after it had been signed before.
        case amended
    }

    /// Names the result, the same whenever it is made: a digest of the reading. Up to 64 ASCII letters and digits.
    public var identifier: String
    /// Counts up through the readings of an archive: of two results of a study the greater one is the newer.
    public var revision: Int64
    public var status: Status
    /// When the reader read, in whole seconds.
    public var issued: Date
    public var reader: ResultReader
    public var patient: PatientIdentity
    public var study: ResultStudy
    public var order: ResultOrder?
    /// In the order in which they came; those that the result speaks of.
    public var images: [ResultImage]
    /// Best first, on any of the images. None: nothing was found in what was read.
    public var findings: [ResultFinding]
    /// The report in words, plain text with line ends `\n`.
    public var text: String
    /// The language of `text` and of what is written for people, as in BCP 47: `en`, `de`.
    public var language: String
    /// Where a person sees it: the page of the study, without patient data in its address.
    public var link: String?
    /// Wanted at once: whoever gets it is to be told at once.
    public var isUrgent: Bool

    public init(
        identifier: String, revision: Int64, status: Status, issued: Date, reader: ResultReader,
        patient: PatientIdentity = PatientIdentity(),
        study: ResultStudy, order: ResultOrder? = nil, images: [ResultImage], findings: [ResultFinding], text: String = "",
        language: String = "en", link: String? = nil, isUrgent: Bool = false
    ) {
        (self.identifier, self.revision, self.status, self.issued) = (identifier, revision, status, issued)
        (self.reader, self.patient, self.study, self.order) = (reader, patient, study, order)
        (self.images, self.findings, self.text, self.language) = (images, findings, text, language)
        (self.link, self.isUrgent) = (link, isUrgent)
    }

    /// What stands in every output: it supports a reader and takes the place of none.
    public static let notice = "Research use only. Not for diagnosis."

    /// Whether a person stands behind it.
    public var isSigned: Bool { status != .preliminary }

    /// The findings on one image, by its SOP Instance UID.
    public func findings(on image: String) -> [ResultFinding] { findings.filter { $0.image == image } }
}

/// Who read.
public struct ResultReader: Hashable, Sendable {
    /// The model whose boxes these are, or which the person had before them; `nil` where a person read without one.
    public var model: Model?
    /// The person, by the name of their account; `nil` for the model alone.
    public var person: String?

    public struct Model: Hashable, Sendable {
        public var name: String
        public var version: String
        /// SHA-256 of the bundle, in hexadecimal.
        public var digest: String

        public init(name: String, version: String, digest: String) { (self.name, self.version, self.digest) = (name, version, digest) }
    }

    public init(model: Model?, person: String? = nil) { (self.model, self.person) = (model, person) }
}

/// What is known of the study (DICOM General Study module, PS3.3 C.7.2.1).
public struct ResultStudy: Hashable, Sendable {
    /// Study Instance UID.
    public var uid: String
    /// `YYYY-MM-DD`.
    public var date: String?
    public var accessionNumber: String?
    public var description: String?
    public var modality: String?
    /// When its first image came.
    public var received: Date

    public init(
        uid: String, date: String? = nil, accessionNumber: String? = nil, description: String? = nil, modality: String? = nil,
        received: Date
    ) {
        (self.uid, self.date, self.accessionNumber) = (uid, date, accessionNumber)
        (self.description, self.modality, self.received) = (description, modality, received)
    }
}

/// The order that the study fulfils, as the ordering system told it.
public struct ResultOrder: Hashable, Sendable, Codable {
    public var placerNumber: String?
    public var fillerNumber: String?
    /// What was ordered, in the ordering system's own code.
    public var procedureCode: String?
    public var procedureText: String?
    public var procedureScheme: String?
    public var indication: String?
    /// Visit or encounter (PV1-19).
    public var visitNumber: String?

    public init(
        placerNumber: String? = nil, fillerNumber: String? = nil, procedureCode: String? = nil, procedureText: String? = nil,
        procedureScheme: String? = nil, indication: String? = nil, visitNumber: String? = nil
    ) {
        (self.placerNumber, self.fillerNumber, self.procedureCode) = (placerNumber, fillerNumber, procedureCode)
        (self.procedureText, self.procedureScheme) = (procedureText, procedureScheme)
        (self.indication, self.visitNumber) = (indication, visitNumber)
    }
}

/// An image that a result speaks of.
public struct ResultImage: Hashable, Sendable {
    public var sopInstanceUID: String
    public var sopClassUID: String?
    public var seriesInstanceUID: String
    public var modality: String?
    /// View Position, such as `PA`.
    public var view: String?
    /// Where the rows run to, and the columns (Patient Orientation); `nil` where the file does not say it.
    public var orientation: [String]?
    /// As it is to be seen, in pixels.
    public var columns: Int
    public var rows: Int
    /// Frame from 1; `nil` where the file holds one image.
    public var frame: Int?
    /// Why it could not be read, or why the model's silence about it says nothing; one sentence. `nil` where it was read.
    public var doubt: String?
    /// Whether it was read at all.
    public var wasRead: Bool
    /// The model's measure of the heart; `nil` where it is not told, or where a person read.
    public var ratio: ResultRatio?
    /// What concerns reading: quality, why there is no ratio. A sentence each, in the result's language.
    public var remarks: [String] = []

    public init(
        sopInstanceUID: String, sopClassUID: String? = nil, seriesInstanceUID: String, modality: String? = nil, view: String? = nil,
        orientation: [String]? = nil, columns: Int, rows: Int, frame: Int? = nil, doubt: String? = nil, wasRead: Bool = true
    ) {
        (self.sopInstanceUID, self.sopClassUID, self.seriesInstanceUID) = (sopInstanceUID, sopClassUID, seriesInstanceUID)
        (self.modality, self.view, self.orientation, self.columns, self.rows) = (modality, view, orientation, columns, rows)
        (self.frame, self.doubt, self.wasRead) = (frame, doubt, wasRead)
    }
}
