extension ModelCard {
    /// A threshold for the scores of one finding, by how many false boxes one is ready to look at, and what to expect of it.
    public struct OperatingPoint: Codable, Hashable, Sendable {
        /// Its name in the label map.
        public var finding: String
        /// What was asked for: at most so many false boxes of the finding on 100 images.
        public var falseBoxesPer100Images: Double
        /// Boxes of at least this score are shown.
        public var threshold: Double
        /// What was measured there, with the ends of its 95 percent interval where there is one.
        public var measuredFalseBoxesPer100Images: Double
        public var falseBoxesLow: Double?
        public var falseBoxesHigh: Double?
        /// Share of the readers' boxes that are found.
        public var sensitivity: Double
        public var sensitivityLow: Double?
        public var sensitivityHigh: Double?
        /// Readers' boxes and images it was measured on.
        public var boxes: Int
        public var images: Int
        /// Which images, such as `fold 1`.
        public var split: String
        /// When a box counts as found, such as `IoU 0.5`.
        public var `protocol`: String

        public init(
            finding: String, falseBoxesPer100Images: Double, threshold: Double, measuredFalseBoxesPer100Images: Double,
            falseBoxesLow: Double? = nil, falseBoxesHigh: Double? = nil, sensitivity: Double, sensitivityLow: Double? = nil,
            sensitivityHigh: Double? = nil, boxes: Int, images: Int, split: String, protocol: String
        ) {
            self.finding = finding
            self.falseBoxesPer100Images = falseBoxesPer100Images
            self.threshold = threshold
            self.measuredFalseBoxesPer100Images = measuredFalseBoxesPer100Images
            self.falseBoxesLow = falseBoxesLow
            self.falseBoxesHigh = falseBoxesHigh
            self.sensitivity = sensitivity
            self.sensitivityLow = sensitivityLow
            self.sensitivityHigh = sensitivityHigh
            self.boxes = boxes
            self.images = images
            self.split = split
            self.protocol = `protocol`
        }

        private enum CodingKeys: String, CodingKey {
            case finding, threshold, sensitivity, boxes, images, split, `protocol`
            case falseBoxesPer100Images = "false_boxes_per_100_images"
            case measuredFalseBoxesPer100Images = "measured_false_boxes_per_100_images"
            case falseBoxesLow = "false_boxes_low"
            case falseBoxesHigh = "false_boxes_high"
            case sensitivityLow = "sensitivity_low"
            case sensitivityHigh = "sensitivity_high"
        }
    }
}

extension Sequence<ModelCard.OperatingPoint> {
    /// The point of a finding that keeps a promise: of those for at most so many false boxes on 100 images, the one for the most.
    /// - Returns: `nil` where the card has none for so few.
    public func point(for finding: String, falseBoxesPer100Images rate: Double) -> ModelCard.OperatingPoint? {
        filter { $0.finding == finding && $0.falseBoxesPer100Images <= rate }
            .max { $0.falseBoxesPer100Images < $1.falseBoxesPer100Images }
    }
}
