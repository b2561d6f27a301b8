import Findings
import Geometry

/// What one anchor is taught.
public enum TargetAssignment: Hashable, Sendable {
    /// Nothing here.
    case background
    /// Too near to a box to be called empty, too far to answer for it: takes no part.
    case ignored
    /// Answers for the box of this index.
    case box(Int)
}

/// Decides which anchors answer for which box while learning.
public protocol TargetAssigner: Sendable {
    /// One assignment an anchor.
    /// - Parameter boxes: In pixels of the network's input; empty ones get no anchor.
    func assign(anchors: Anchors, boxes: [Box]) -> [TargetAssignment]
}
