/// What can be said of a change.
public enum GateVerdict: String, Codable, Hashable, Sendable, CaseIterable {
    /// Shown to be better in a main figure, and no worse in all others.
    case better
    /// Shown to be worse by less than the margin, if at all.
    case noWorse = "no worse"
    /// Neither is shown: there are too few cases, or too much was lost.
    case notShown = "not shown"
    /// Shown to be worse.
    case worse

    /// Whether a model may take the place of the other.
    public var passes: Bool { self == .better || self == .noWorse }
}
