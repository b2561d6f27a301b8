import Findings
import Radiographs

/// What became of a request.
public struct DetectionAnswer: Sendable {
    /// The findings, or in `error` why there are none: an image that cannot be read is an answer too.
    public let findings: ImageFindings
    /// The image itself at its full size, for drawing; `nil` where it could not be read or is not kept.
    public let radiograph: Radiograph?
}
