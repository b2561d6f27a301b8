/// What share of the boxes is found, and at what price.
public struct FreeResponsePoint: Hashable, Sendable {
    /// How many boxes must be found. Images drawn twice count twice.
    public var truth: Int
    /// How many of them are.
    public var found: Int
    /// How many detections are false.
    public var falseBoxes: Int
    /// How many images there are, with and without truth.
    public var images: Int
    /// The lowest score taken; just above the highest there is where none may be; `nil` where there are no detections or where they are
    /// not taken by score.
    public var scoreThreshold: Double?

    /// In 0...1; `nil` where no box must be found.
    public var sensitivity: Double? { truth > 0 ? Double(found) / Double(truth) : nil }
    /// `nil` where there is no image.
    public var falseBoxesPerImage: Double? { images > 0 ? Double(falseBoxes) / Double(images) : nil }
}
