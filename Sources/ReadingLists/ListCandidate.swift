/// An image that may be read next, with what the model says of it.
public struct ListCandidate: Hashable, Sendable {
    public struct SaidBox: Hashable, Sendable {
        public var label: String
        /// 0 to 1.
        public var score: Double
        /// The score less that of the surest other finding at the same place; the score itself where there is none.
        public var margin: Double
        /// Of the image.
        public var areaShare: Double

        public init(label: String, score: Double, margin: Double, areaShare: Double) {
            (self.label, self.score, self.margin, self.areaShare) = (label, score, margin, areaShare)
        }

        /// What a classifier of right and wrong boxes sees: 1, logit of the score, margin, logarithm of the area.
        var regressors: [Double] {
            let clamped = min(0.999, max(0.001, score))
            return [1, Statistics.logit(clamped), margin, Statistics.log(max(1e-5, areaShare)) / 3]
        }
    }

    /// Names the image to whoever asks.
    public var id: String
    public var patient: String
    public var boxes: [SaidBox]
    /// What the image looks like: as many numbers as every other has.
    public var features: [Double]

    public init(id: String, patient: String, boxes: [SaidBox], features: [Double]) {
        (self.id, self.patient, self.boxes, self.features) = (id, patient, boxes, features)
    }
}
