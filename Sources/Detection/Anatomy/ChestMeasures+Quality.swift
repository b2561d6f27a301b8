import Anatomy
import Findings
import Models

extension ChestMeasures: MeasuredAnatomy {}

extension AnatomyReading {
    /// What of the image's quality the masks say: rotation, inspiration, lungs at the edge. Nothing where the masks are not to be trusted.
    var quality: [ImageQuality] { measures.map { AnatomyQuality.record(of: $0) } ?? [] }
}
