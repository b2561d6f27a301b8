/// Which mirror images of an image are still images of the domain, so that a training may show them.
public struct MirrorRule: Codable, Hashable, Sendable {
    public enum Sides: String, Codable, CaseIterable, Hashable, Sendable {
        /// Left and right never change places: the side is part of what is seen.
        case fixed
        /// Nothing has a side: cells of a smear.
        case free
        /// The image may be flipped, and findings whose names have a side take the other side's name; one that has none there forbids it.
        case swapped
    }

    public var sides: Sides
    /// Names of findings that change places beside those with words such as "left" and "RUL" in them; each pair once.
    public var pairs: [String: String]
    /// Whether upside down is still an image of the domain. Ultrasound never is: depth goes down.
    public var isVerticalAllowed: Bool

    public init(sides: Sides, pairs: [String: String] = [:], isVerticalAllowed: Bool = false) {
        (self.sides, self.pairs, self.isVerticalAllowed) = (sides, pairs, isVerticalAllowed)
    }

    private enum CodingKeys: String, CodingKey {
        case sides, pairs
        case isVerticalAllowed = "vertical"
    }
}
