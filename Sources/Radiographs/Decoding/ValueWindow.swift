/// A range of a modality's values that is spread from black to white, in the modality's unit (Hounsfield units of CT).
public struct ValueWindow: Codable, Hashable, Sendable {
    public var centre: Double
    /// Above 0.
    public var width: Double

    public init(centre: Double, width: Double) { (self.centre, self.width) = (centre, width) }
}
