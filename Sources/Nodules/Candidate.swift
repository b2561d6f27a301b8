/// A place in a lung that is as dense and as round as a nodule. Most are vessels: a network tells them from nodules.
public struct Candidate: Hashable, Sendable, Codable {
    /// From 1, by falling strength.
    public var number: Int
    /// Millimetres LPS.
    public var centre: SIMD3<Double>
    /// Millimetres, of the ball that fits best; one of seven sizes.
    public var radius: Double
    /// Dot strength in Hounsfield units at the best scale: comparable within a scan.
    public var strength: Double
    /// The patient's side on which it lies.
    public var side: LungSide?

    package init(number: Int, centre: SIMD3<Double>, radius: Double, strength: Double, side: LungSide? = nil) {
        (self.number, self.centre, self.radius, self.strength, self.side) = (number, centre, radius, strength, side)
    }
}

/// The patient's own.
public enum LungSide: String, Hashable, Sendable, Codable, CaseIterable {
    case right, left

    /// - Parameter number: As in a mask of lungs.
    init?(_ number: UInt8?) {
        switch number {
        case 1: self = .right
        case 2: self = .left
        default: return nil
        }
    }
}
