extension Augmentation {
    /// Flip, scale, proportions, shift and rotation: together one affine map, so that a picture is sampled once.
    public struct Geometry: Codable, Hashable, Sendable {
        /// Chance of a left-right flip. A picture with a finding whose name has a side is flipped only where the label map has the
        /// finding of the other side.
        public var flipProbability = 0.5
        /// The part of the picture that is seen, as a factor of its longer side; above 1 zooms out.
        public var scaleLow = 0.65
        public var scaleHigh = 1.25
        /// How much wider than high, or the reverse, the part seen may be, as a share.
        public var aspect = 0.1
        /// How far the part seen may be moved past where it would lie otherwise, either way, as a share of the longer side. Without it
        /// the part lies anywhere in the picture, or, zoomed out, the picture anywhere in the part.
        public var shift = 0.0
        /// Chance of a rotation.
        public var rotationProbability = 0.0
        /// The largest rotation either way, in degrees.
        public var rotation = 10.0
        /// A box of which less than this share of its area is seen is left out.
        public var visibleShare = 0.4

        public init() {}

        var fault: String? {
            guard (0...1).contains(flipProbability), (0...1).contains(rotationProbability), (0...1).contains(visibleShare) else {
                return "geometry: probabilities and the visible share are between 0 and 1"
            }
            guard scaleLow >= 0.01, scaleLow <= scaleHigh, scaleHigh <= 100 else {
                return "geometry: scales are between 0.01 and 100 and rise from low to high"
            }
            guard (0...0.9).contains(aspect), (0...1).contains(shift), (0...180).contains(rotation) else {
                return "geometry: the aspect is between 0 and 0.9, the shift between 0 and 1, the rotation between 0 and 180 degrees"
            }
            return nil
        }
    }
}
