/// Which detections find a truth box and which are false.
public enum HitRule: Hashable, Sendable {
    /// Wang 2017: a box is found where a detection's overlap is above the threshold. A detection is false where it is so with none; one
    /// that finds a box again is neither.
    case above
    /// LUNA16, with an overlap in place of its distance: as `above`, but the overlap may be just the threshold.
    case atLeast
    /// ChestX-Det10: each detection is given the box it overlaps most, at least by the threshold; it is false where another detection
    /// of a higher score has that box. (Its own program counts edges as whole pixels, which makes every box one pixel larger.)
    case onceOnly
}
