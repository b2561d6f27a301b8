import Geometry

/// What was measured of one map of one detection.
public struct MapMeasurement: Codable, Hashable, Sendable {
    /// Whose image it is.
    public var patient: String
    /// Area under insertion less that under deletion.
    public var insertionMinusDeletion: Double
    /// The same of the Gaussian on the box, on the same image.
    public var control: Double
    /// Rank correlation of the maps of two halves of the runs.
    public var repeatability: Double
    /// Rank correlation with the map of another fill, where one was made.
    public var otherFill: Double?
    /// Structural similarity with the maps of networks whose layers are made random from the top down, the last of them whole; `nil` where
    /// none was made.
    public var randomised: [Double]?

    public init(
        patient: String, insertionMinusDeletion: Double, control: Double, repeatability: Double, otherFill: Double? = nil,
        randomised: [Double]? = nil
    ) {
        (self.patient, self.insertionMinusDeletion, self.control) = (patient, insertionMinusDeletion, control)
        (self.repeatability, self.otherFill, self.randomised) = (repeatability, otherFill, randomised)
    }

    private enum CodingKeys: String, CodingKey {
        case patient, control, repeatability, randomised
        case insertionMinusDeletion = "insertion_minus_deletion"
        case otherFill = "other_fill"
    }
}
