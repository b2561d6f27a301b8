extension Augmentation {
    /// Gamma, then exposure, contrast and brightness; then what is past black or white is cut.
    public struct Grey: Codable, Hashable, Sendable {
        /// How far the exponent of grey may be from 1, either way.
        public var gamma = 0.3
        /// How far the factor of contrast about the middle grey may be from 1, either way.
        public var contrast = 0.2
        /// Shift of grey either way, as a share of full scale.
        public var brightness = 0.08
        /// Stops of exposure either way: grey is multiplied by 2 to their power.
        public var exposure = 0.0

        public init() {}

        public init(gamma: Double, contrast: Double, brightness: Double, exposure: Double) {
            self.gamma = gamma
            self.contrast = contrast
            self.brightness = brightness
            self.exposure = exposure
        }

        var fault: String? {
            SettingRange.first(
                SettingRange.fault("augmentation.grey.gamma", gamma, 0...0.9),
                SettingRange.fault("augmentation.grey.contrast", contrast, 0...0.9),
                SettingRange.fault("augmentation.grey.brightness", brightness, 0...1),
                SettingRange.fault("augmentation.grey.exposure", exposure, 0...4))
        }
    }

    /// A Gaussian blur, as of a moving patient or a large focal spot.
    public struct Blur: Codable, Hashable, Sendable {
        /// Chance that a picture is blurred.
        public var probability = 0.0
        /// The largest standard deviation, in pixels of the network's input; each is drawn between 0 and this.
        public var deviation = 1.0

        public init() {}

        var fault: String? {
            SettingRange.first(
                SettingRange.fault("augmentation.blur.probability", probability, 0...1),
                SettingRange.fault("augmentation.blur.deviation", deviation, 0...50))
        }
    }

    /// Noise of single pixels of the network's input, after the curve of grey.
    public struct Noise: Codable, Hashable, Sendable {
        /// Chance that a picture gets noise.
        public var probability = 0.0
        /// The largest standard deviation of noise that is the same everywhere (of the electronics), as a share of full scale; each is
        /// drawn between 0 and this.
        public var electronic = 0.02
        /// The largest standard deviation at full scale of noise that grows with the square root of grey, as counted quanta do
        /// (Poisson); each is drawn between 0 and this.
        public var quantum = 0.03

        public init() {}

        var fault: String? {
            SettingRange.first(
                SettingRange.fault("augmentation.noise.probability", probability, 0...1),
                SettingRange.fault("augmentation.noise.electronic", electronic, 0...1),
                SettingRange.fault("augmentation.noise.quantum", quantum, 0...1))
        }
    }
}
