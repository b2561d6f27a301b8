import Foundation

/// What is watched of one image: numbers, what its header says of the machine, and what readers did with the model's boxes.
public struct WatchedImage: Hashable, Sendable {
    public var time: Date
    /// The machine that made it, such as its station's name; images of one are watched together.
    public var device: String
    /// Of the header, by name, such as `software version`. The alarm names the one that changed first.
    public var tags: [String: String]
    /// By name, such as `mean grey` or `boxes`; a share is 0 or 1 on each image.
    public var numbers: [String: Double]
    /// Of the model's boxes that a reader decided on: accepted (moved ones too), in the order in which they were shown, or rejected.
    public var decisions: [Bool]

    public init(
        time: Date, device: String, tags: [String: String] = [:], numbers: [String: Double] = [:], decisions: [Bool] = []
    ) {
        (self.time, self.device, self.tags, self.numbers, self.decisions) = (time, device, tags, numbers, decisions)
    }
}
