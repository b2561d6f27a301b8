import Foundation
import Results

/// What a bundle says of a result, read back.
public struct FHIRReading: Hashable, Sendable {
    /// `StudyResult.identifier`.
    public var identifier: String
    /// Study Instance UID.
    public var study: String
    public var status: R4.ReportStatus
    public var issued: R4.Instant?
    /// The patient's number; `nil` where the bundle has none.
    public var patient: String?
    public var findings: [ResultFinding]
    /// Cardiothoracic ratios, each with the SOP Instance UID of its image.
    public var ratios: [Ratio] = []
    /// Whether it says that there is nothing to be found; not where it has no finding because images could not be read.
    public var saysNothingFound: Bool
    public var conclusion: String?
    /// SHA-256 of the model's bundle.
    public var model: String?

    public struct Ratio: Hashable, Sendable {
        public var image: String
        public var ratio: ResultRatio
    }
}
