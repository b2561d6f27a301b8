/// What is known of one finding on one image, by what its sources say.
public enum FindingKnowledge: Hashable, Sendable {
    /// A source is relied on for it: it is where its boxes are and nowhere else.
    case complete
    /// A source says of the whole image that it is not there, but is not relied on: background for a loss, no truth for a score.
    case absent
    /// It is said of the whole image and nobody boxed it: somewhere, one knows not where.
    case present
    /// It has boxes, and there may be more of it.
    case boxedInPart
    /// No source says anything.
    case unknown

    /// Whether places without a box of it are without it.
    public var teachesBackground: Bool { self == .complete || self == .absent }

    /// Whether every box that a detector draws of it is right or wrong.
    public var isScored: Bool { self == .complete }
}
