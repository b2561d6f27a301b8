import Anatomy
import Findings
import Models

extension ChestMeasures: MeasuredAnatomy {}

extension AnatomyReading {
    /// What of the image's quality the masks say: rotation, inspiration, lungs at the edge. Nothing where the masks are not to be trusted.
    func quality(within limits: AnatomyQuality) -> [ImageQuality] { measures.map { limits.record(of: $0) } ?? [] }
}
