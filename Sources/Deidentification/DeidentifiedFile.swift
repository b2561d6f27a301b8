import Foundation

/// A file without what tells who the patient is, and what was done to it.
public struct DeidentifiedFile: Sendable {
    /// PS3.10, in the transfer syntax that it had.
    public var bytes: Data
    public var warnings: [DeidentificationWarning]
    public var counts: Counts
    /// In place of Patient ID: the same for all files of a patient under one key.
    public var patientID: String
    public var studyInstanceUID: String
    public var seriesInstanceUID: String
    public var sopInstanceUID: String

    /// Elements, in sequences too; those in what was removed as a whole are not counted apart.
    public struct Counts: Hashable, Sendable {
        public var removed = 0
        public var removedPrivate = 0
        public var emptied = 0
        public var replaced = 0
        public var mappedUIDs = 0
        public var shiftedDates = 0
        public var cleanedTexts = 0

        public init() {}
    }
}

/// What a person should look at before a file is given away. No value of the file stands in it.
public struct DeidentificationWarning: Hashable, Sendable, CustomStringConvertible {
    public enum Kind: String, Hashable, Sendable {
        /// Pixels may show who the patient is.
        case burntInText = "burnt-in text"
        /// Pixels of a face or the like may show who the patient is.
        case recognisableFeatures = "recognisable features"
        /// Text that was kept held a name or number of the patient, and was replaced.
        case identifyingText = "identifying text"
        /// A date that is none was removed, since it could not be moved.
        case unreadableDate = "unreadable date"
        /// Old overlays may lie in the unused bits of pixels.
        case overlayInPixels = "overlay in pixels"
        /// Neither Patient ID nor name is there; studies of one patient get different pseudonyms.
        case unknownPatient = "unknown patient"
    }
    public var kind: Kind
    /// What says so.
    public var detail: String

    public var description: String { "\(kind.rawValue): \(detail)" }
}
