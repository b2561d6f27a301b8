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
        /// the part lies anywhere in the picture, or, zoomed out, the picture anywhere in the part; a picture that is always seen whole
        /// lies in the middle.
        public var shift = 0.0
        /// Chance of a rotation.
        public var rotationProbability = 0.0
        /// The largest rotation either way, in degrees.
        public var rotation = 10.0
        /// A box of which less than this share of its area is seen is left out.
        public var visibleShare = 0.4

        public init() {}

        /// Whether every picture is seen whole and in its proportions.
        var showsWholePictures: Bool { scaleLow == 1 && scaleHigh == 1 && aspect == 0 }

        var fault: String? {
            SettingRange.first(
                SettingRange.fault("augmentation.geometry.flip_probability", flipProbability, 0...1),
                SettingRange.fault("augmentation.geometry.rotation_probability", rotationProbability, 0...1),
                SettingRange.fault("augmentation.geometry.visible_share", visibleShare, 0...1),
                SettingRange.fault("augmentation.geometry.scale_low", scaleLow, 0.01...100),
                SettingRange.fault("augmentation.geometry.scale_high", scaleHigh, 0.01...100),
                SettingRange.fault("augmentation.geometry.aspect", aspect, 0...0.9),
                SettingRange.fault("augmentation.geometry.shift", shift, 0...1),
                SettingRange.fault("augmentation.geometry.rotation", rotation, 0...180),
                SettingRange.fault(("augmentation.geometry.scale_low", scaleLow), rises: ("augmentation.geometry.scale_high", scaleHigh)))
        }
    }
}
