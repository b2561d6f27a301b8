import Foundation

/// Something that was made of a reading for other systems, byte for byte as it is sent: a DICOM object, a message, a bundle of resources.
public struct ResultFile: Hashable, Sendable {
    /// SOP Instance UID of an object, control id of a message: unique, and the same whenever it is made of the same reading.
    public var identifier: String
    /// Such as `sr` or `oru`.
    public var kind: String
    public var study: StudyID
    /// The number of the reading.
    public var reading: Int64
    /// Of a DICOM object.
    public var sopClassUID: String?
    public var seriesInstanceUID: String?
    /// Bytes.
    public var size: Int
    /// SHA-256 of the bytes, in hexadecimal: where they lie.
    public var digest: String
    public var made: Date

    public init(
        identifier: String, kind: String, study: StudyID, reading: Int64, sopClassUID: String? = nil, seriesInstanceUID: String? = nil,
        size: Int, digest: String, made: Date
    ) {
        (self.identifier, self.kind, self.study, self.reading) = (identifier, kind, study, reading)
        (self.sopClassUID, self.seriesInstanceUID) = (sopClassUID, seriesInstanceUID)
        (self.size, self.digest, self.made) = (size, digest, made)
    }
}
