import Findings

extension ModelCard {
    /// What the model learnt from.
    public struct TrainingData: Codable, Hashable, Sendable {
        public var description: String
        public var licence: String
        /// SHA-256 over the images and boxes learnt from, as the trainer defines it.
        public var digest: String
        public var images: Int
        public var boxes: Int
        public var patients: Int
        /// Folds of the dataset that were learnt from; the rest was held back.
        public var folds: [Int]
        /// `PatientDigests` as text, salted with `digest`; older cards have none.
        public var patientDigests: String?

        public init(
            description: String, licence: String, digest: String, images: Int, boxes: Int, patients: Int, folds: [Int],
            patientDigests: String? = nil
        ) {
            self.description = description
            self.licence = licence
            self.digest = digest
            self.images = images
            self.boxes = boxes
            self.patients = patients
            self.folds = folds
            self.patientDigests = patientDigests
        }

        private enum CodingKeys: String, CodingKey {
            case description, licence, digest, images, boxes, patients, folds
            case patientDigests = "patient_digests"
        }
    }

    /// One measured figure and how it was measured.
    public struct Metric: Codable, Hashable, Sendable {
        /// Such as `map50`.
        public var name: String
        public var value: Double
        /// Ends of the 95 percent interval, where one was measured.
        public var low: Double?
        public var high: Double?
        /// Which images, such as `fold 0`.
        public var split: String
        public var `protocol`: String
        /// Such as `pycocotools 2.0.10`.
        public var tool: String

        public init(
            name: String, value: Double, low: Double? = nil, high: Double? = nil, split: String, protocol: String, tool: String
        ) {
            self.name = name
            self.value = value
            self.low = low
            self.high = high
            self.split = split
            self.protocol = `protocol`
            self.tool = tool
        }
    }

    /// How overlapping detections become findings (`Suppression`, `Alternatives`).
    public struct SuppressionSettings: Codable, Hashable, Sendable {
        /// IoU above which the lower of two boxes of one finding is dropped. 0.4 unless a card says otherwise: readers draw loosely, and of two
        /// boxes with half of their area in common one is almost always a false one (`Documentation/Experiments.md`).
        public var iou: Double
        /// IoU above which a box of another finding is another reading of the surer one; 1 or more takes each for itself.
        public var acrossFindingsIoU: Double
        /// At most so many findings an image.
        public var maximumFindings: Int

        public init(iou: Double = 0.4, acrossFindingsIoU: Double = 0.7, maximumFindings: Int = 100) {
            self.iou = iou
            self.acrossFindingsIoU = acrossFindingsIoU
            self.maximumFindings = maximumFindings
        }

        private enum CodingKeys: String, CodingKey {
            case iou
            case acrossFindingsIoU = "across_findings_iou"
            case maximumFindings = "maximum_findings"
        }

        /// The rule itself, for detections of at least `scoreThreshold`.
        public func rule(scoreThreshold: Double) -> Suppression {
            Suppression(intersectionOverUnion: iou, scoreThreshold: scoreThreshold, maximumDetections: maximumFindings)
        }

        /// Which of the findings that stay are other readings of surer ones.
        public var alternatives: Alternatives { Alternatives(intersectionOverUnion: acrossFindingsIoU) }
    }
}
