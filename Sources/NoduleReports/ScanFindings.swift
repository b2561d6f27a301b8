import Basics
import Findings
import NoduleDetection
import Volumes

/// A CT series that was looked at for nodules, and what was found, or why it could not be.
public struct ScanFindings: Sendable {
    /// The folder or file as it was named.
    public var name: String
    public var seriesInstanceUID: String?
    /// Files that hold its slices.
    public var files: [String]
    /// What was done to the slices; `nil` where they made no volume.
    public var record: VolumeRecord?
    /// Of the volume of the slices.
    public var geometry: VolumeGeometry?
    public var reading: NoduleReading?
    /// One line; `nil` where it was read.
    public var error: ImageFailure?

    public init(
        name: String, seriesInstanceUID: String?, files: [String], volume: Volume? = nil, reading: NoduleReading? = nil,
        error: ImageFailure? = nil
    ) {
        (self.name, self.seriesInstanceUID, self.files) = (name, seriesInstanceUID, files)
        (record, geometry, self.reading, self.error) = (volume?.record, volume?.geometry, reading, error)
    }
}
