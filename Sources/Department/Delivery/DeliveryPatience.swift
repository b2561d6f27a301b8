import Foundation

/// How long a destination is left alone after it was away or did not take something.
public struct DeliveryPatience: Hashable, Sendable {
    /// Seconds; each later pause is twice as long.
    public var shortest: Double
    public var longest: Double
    /// After so many attempts that the destination got and did not take, a delivery is given up and shown.
    public var mostAttempts: Int

    public init(shortest: Double = 1, longest: Double = 300, mostAttempts: Int = 50) {
        (self.shortest, self.longest, self.mostAttempts) = (shortest, longest, mostAttempts)
    }

    /// - Parameter number: From 1.
    func pause(_ number: Int) -> TimeInterval { min(longest, shortest * pow(2, Double(min(number, 40) - 1))) }
}
