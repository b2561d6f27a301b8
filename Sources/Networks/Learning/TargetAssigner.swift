import Findings
import Geometry

/// What one anchor is taught.
public enum TargetAssignment: Hashable, Sendable {
    /// Nothing here.
    case background
    /// Overlaps a box too much to be background, too little to be positive: takes no part.
    case ignored
    /// Positive: matched to the box of this index.
    case box(Int)
}

/// Matches anchors to boxes while learning.
public protocol TargetAssigner: Sendable {
    /// One assignment an anchor.
    /// - Parameter boxes: In pixels of the network's input; empty ones get no anchor.
    func assign(anchors: Anchors, boxes: [Box]) -> [TargetAssignment]
}
