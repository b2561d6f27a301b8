/// What masks of lungs and heart say of an image: whether they are to be trusted, and what follows from them.
public struct ImageAnatomy: Hashable, Sendable {
    /// One check of the masks, with its number.
    public struct Check: Hashable, Sendable {
        /// Such as `lung_area`.
        public var name: String
        public var value: Double
        /// What passes; `nil` for an open end.
        public var low: Double?
        public var high: Double?
        public var isPassed: Bool { value.isFinite && (low.map { value >= $0 } ?? true) && (high.map { value <= $0 } ?? true) }

        public init(name: String, value: Double, low: Double? = nil, high: Double? = nil) {
            (self.name, self.value, self.low, self.high) = (name, value, low, high)
        }
    }

    /// A border in pixels of the original image.
    public struct Outline: Hashable, Sendable {
        /// Such as `Right lung`, the patient's.
        public var structure: String
        /// Corners one after another; the last is joined to the first.
        public var points: [Point]

        public struct Point: Hashable, Sendable {
            public var x: Double
            public var y: Double
            public init(x: Double, y: Double) { (self.x, self.y) = (x, y) }
        }

        public init(structure: String, points: [Point]) { (self.structure, self.points) = (structure, points) }
    }

    /// Of the lungs: without them no place is told.
    public var checks: [Check]
    /// Of heart and position: without them there is no ratio.
    public var ratioChecks: [Check]
    /// `nil` where it cannot be measured, or is not comparable.
    public var ratio: CardiothoracicRatio?
    /// Why something is not told, a sentence each.
    public var notes: [ImageWarning]
    /// Empty where the lungs' checks fail.
    public var outlines: [Outline]

    public init(
        checks: [Check], ratioChecks: [Check] = [], ratio: CardiothoracicRatio? = nil, notes: [ImageWarning] = [],
        outlines: [Outline] = []
    ) {
        self.checks = checks
        self.ratioChecks = ratioChecks
        self.ratio = ratio
        self.notes = notes
        self.outlines = outlines
    }

    /// Whether places are told.
    public var isMeasurable: Bool { !checks.isEmpty && checks.allSatisfy(\.isPassed) }

    /// Whether the heart's own checks pass, so that its mask can be learnt from.
    public var heartIsMeasurable: Bool {
        let own = ratioChecks.filter { $0.name.hasPrefix("heart_") }
        return !own.isEmpty && own.allSatisfy(\.isPassed)
    }
}
