extension ModelCard {
    /// The bundle's second network, which computes in 8-bit integers: what it was made with and what it loses.
    public struct Quantisation: Codable, Hashable, Sendable {
        /// Its name in the bundle.
        public var file: String
        /// Convolutions computed in 8 bits.
        public var convolutions: Int
        /// Convolutions that could be and keep their 32 bits, because most was lost in them.
        public var keptConvolutions: Int
        /// SHA-256 of the dataset that ranges were measured on (`Dataset.canonicalBytes`: names, patients, folds and boxes, not pixels).
        public var calibrationDigest: String
        public var calibrationImages: Int
        /// Which images they were taken from, such as `all folds but 0`.
        public var calibrationSplit: String
        /// Mean average precision at IoU 0.5 of the 32-bit network.
        public var map50Before: Double
        /// The same of the 8-bit network on the same images.
        public var map50After: Double
        /// Which images both were measured on, such as `fold 0`.
        public var split: String
        /// How many of them have boxes and are in the figures.
        public var images: Int
        public var boxes: Int

        public init(
            file: String = ModelBundle.int8Name, convolutions: Int, keptConvolutions: Int, calibrationDigest: String,
            calibrationImages: Int, calibrationSplit: String, map50Before: Double, map50After: Double, split: String, images: Int,
            boxes: Int
        ) {
            self.file = file
            self.convolutions = convolutions
            self.keptConvolutions = keptConvolutions
            self.calibrationDigest = calibrationDigest
            self.calibrationImages = calibrationImages
            self.calibrationSplit = calibrationSplit
            self.map50Before = map50Before
            self.map50After = map50After
            self.split = split
            self.images = images
            self.boxes = boxes
        }

        private enum CodingKeys: String, CodingKey {
            case file, convolutions, split, images, boxes
            case keptConvolutions = "kept_convolutions"
            case calibrationDigest = "calibration_digest"
            case calibrationImages = "calibration_images"
            case calibrationSplit = "calibration_split"
            case map50Before = "map50_before"
            case map50After = "map50_after"
        }
    }
}
