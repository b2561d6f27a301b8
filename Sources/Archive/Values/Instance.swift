import Foundation

/// One file as it was received: a DICOM instance, or a picture that was made an instance of a study of its own.
public struct Instance: Hashable, Sendable {
    public var id: InstanceID
    public var study: StudyID
    /// SOP Instance UID; `2.25.…` of the content's digest for a picture.
    public var sopInstanceUID: String
    public var sopClassUID: String?
    public var seriesInstanceUID: String
    /// What the sender called the file. Never used as a path.
    public var name: String
    /// `DICOM`, `PNG` or `JPEG`.
    public var format: String
    public var modality: String?
    /// View Position (0018,5101), such as `PA`.
    public var view: String?
    public var laterality: String?
    public var bodyPart: String?
    /// Patient Orientation (0020,0020): where the rows run to, and the columns, such as `["L", "F"]`; `nil` where the file does not say it.
    public var orientation: [String]?
    /// Of the picture as it is to be seen; 0 where the header does not tell.
    public var columns: Int
    public var rows: Int
    public var frames: Int
    /// Bytes.
    public var size: Int
    /// SHA-256 of the bytes, in hexadecimal: where they lie.
    public var digest: String
    public var received: Date

    public init(
        id: InstanceID, study: StudyID, sopInstanceUID: String, sopClassUID: String? = nil, seriesInstanceUID: String, name: String,
        format: String, modality: String? = nil, view: String? = nil, laterality: String? = nil, bodyPart: String? = nil,
        orientation: [String]? = nil, columns: Int = 0,
        rows: Int = 0, frames: Int = 1, size: Int, digest: String, received: Date
    ) {
        (self.id, self.study, self.sopInstanceUID, self.sopClassUID) = (id, study, sopInstanceUID, sopClassUID)
        (self.seriesInstanceUID, self.name, self.format, self.modality) = (seriesInstanceUID, name, format, modality)
        (self.view, self.laterality, self.bodyPart, self.orientation) = (view, laterality, bodyPart, orientation)
        (self.columns, self.rows) = (columns, rows)
        (self.frames, self.size, self.digest, self.received) = (frames, size, digest, received)
    }
}

/// What became of an instance that was to be registered.
public enum Registration: Hashable, Sendable {
    case new
    /// The same bytes are there already; nothing was changed.
    case duplicate
    /// Other bytes are there under the same SOP Instance UID. They are kept, and these are refused: which of them is right, no program can know.
    case conflict
}
