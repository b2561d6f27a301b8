/// What kinds of error cost how much: TIDE (Bolya et al., "TIDE: A General Toolbox for Identifying Object Detection Errors", ECCV 2020).
///
/// A kind's gain is the mean average precision at the IoU of `found` that would be had more if its errors were set right and nothing
/// else, in 0...1, never below 0; the gains do not add up to anything.
public struct ErrorBreakdown: Hashable, Sendable {
    /// What is wrong with a detection or a truth box. `found` and `background` are the overlaps 0.5 and 0.1.
    public enum Kind: Int, CaseIterable, Hashable, Sendable {
        /// The right place under the wrong name: overlaps a box of another class at least by `found`. Set right: it gets the name.
        case classification
        /// The right name at a poor place: overlaps a box of its class by `background` to `found`. Set right: it gets the place.
        case localisation
        /// Wrong name and poor place. Set right: it is taken away.
        case both
        /// A second detection of a box that one of a higher score has found. Set right: it is taken away.
        case duplicate
        /// Where no box is. Set right: it is taken away.
        case background
        /// A box that nothing finds, and that no error of class or place would find if set right. Set right: it need not be found.
        case missed
    }

    public struct Share: Hashable, Sendable {
        public var count: Int
        public var gain: Double
    }

    /// Mean average precision (COCO's 101 recalls) as it is, and over how many classes.
    public var averagePrecision: MeanOverClasses
    public var kinds: [Kind: Share]
    /// The gain if every false detection stood behind every true one.
    public var falsePositiveGain: Double
    /// The gain if no box were missed, those of wrong class or place included.
    public var falseNegativeGain: Double
}
