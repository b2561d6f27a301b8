import Evaluation

extension EvaluationReport {
    /// One finding's figures of boxes.
    public struct ClassFigures: Codable, Hashable, Sendable {
        /// COCO average precision at an IoU of 0.5; `null` where no box of the finding is drawn.
        public var ap50: Double?
        public var ap50Low: Double?
        public var ap50High: Double?
        /// COCO average precision, the mean over IoU 0.50 to 0.95.
        public var ap: Double?
        /// VOC 2010 average precision at an IoU of 0.4.
        public var ap40: Double?
        /// Boxes that must be found, and images they are on.
        public var n: Int
        public var images: Int
        /// Detections of the finding, at any score.
        public var detections: Int

        public func encode(to encoder: any Encoder) throws {
            var values = encoder.container(keyedBy: CodingKeys.self)
            try values.encode(ap50, forKey: .ap50)
            try values.encodeIfPresent(ap50Low, forKey: .ap50Low)
            try values.encodeIfPresent(ap50High, forKey: .ap50High)
            try values.encode(ap, forKey: .ap)
            try values.encode(ap40, forKey: .ap40)
            try values.encode(n, forKey: .n)
            try values.encode(images, forKey: .images)
            try values.encode(detections, forKey: .detections)
        }

        private enum CodingKeys: String, CodingKey {
            case ap50, ap, ap40, n, images, detections
            case ap50Low = "ap50_low"
            case ap50High = "ap50_high"
        }
    }

    /// The headline figures where images without a box, on which every box is false, count too.
    public struct SearchedImages: Codable, Hashable, Sendable {
        public var images: Int
        public var imagesWithoutBoxes: Int
        public var patients: Int
        public var map50: ReportedFigure
        public var map: ReportedFigure
        public var map40: ReportedFigure

        private enum CodingKeys: String, CodingKey {
            case images, patients, map50, map, map40
            case imagesWithoutBoxes = "images_without_boxes"
        }
    }

    /// Pascal VOC 2010 at an IoU of 0.5.
    public struct VOC: Codable, Hashable, Sendable {
        public var map50: ReportedFigure
        public var perClass: [String: Double]

        private enum CodingKeys: String, CodingKey {
            case map50
            case perClass = "per_class"
        }
    }

    /// The mean precision of RSNA's challenge of 2018 at `score_threshold`.
    public struct RSNA: Codable, Hashable, Sendable {
        /// Of all findings' boxes together.
        public var precision: ReportedFigure
        public var perClass: [String: ReportedFigure]

        private enum CodingKeys: String, CodingKey {
            case precision
            case perClass = "per_class"
        }
    }

    /// Sensitivities at numbers of false boxes an image.
    public struct FreeResponse: Codable, Hashable, Sendable {
        /// False boxes of a finding an image.
        public var rates: [Double]
        /// The mean over classes at each rate.
        public var mean: [ReportedFigure]
        /// The mean of `mean`; at LUNA16's rates its CPM.
        public var score: ReportedFigure
        /// By label.
        public var perClass: [String: [Double]]

        private enum CodingKeys: String, CodingKey {
            case rates, mean, score
            case perClass = "per_class"
        }
    }

    /// What is taken for what: a row a finding that readers drew, a column a finding that was said; last in both is the background.
    public struct Confusion: Codable, Hashable, Sendable {
        public var labels: [String]
        public var counts: [[Int]]
    }

    /// TIDE's kinds of error: how many there are, and what mean average precision would be had more without them.
    public struct ErrorKinds: Codable, Hashable, Sendable {
        public struct Kind: Codable, Hashable, Sendable {
            public var kind: String
            public var count: Int
            public var gain: Double
        }

        public var kinds: [Kind]
        public var falsePositiveGain: Double
        public var falseNegativeGain: Double

        private enum CodingKeys: String, CodingKey {
            case kinds
            case falsePositiveGain = "false_positive_gain"
            case falseNegativeGain = "false_negative_gain"
        }
    }

    /// What a detector that never looked at the images, or another reader, reaches on them.
    public struct ControlFigures: Codable, Hashable, Sendable {
        public var name: String
        public var map50: ReportedFigure
        public var map: ReportedFigure
        public var map40: ReportedFigure
        public var localisationIoUMean: [String: ReportedFigure]
        public var froc: [ReportedFigure]
        public var cpm: ReportedFigure

        private enum CodingKeys: String, CodingKey {
            case name, map50, map, map40, froc, cpm
            case localisationIoUMean = "localisation_iou_mean"
        }
    }
}
