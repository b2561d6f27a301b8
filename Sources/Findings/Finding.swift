import Geometry

/// One abnormality that a model points at on one image: what, where and how sure.
public struct Finding: Hashable, Sendable {
    /// Where a finding is, in pixels of the original image (`Box` has the frame). Later: polygon, mask, 3-D box.
    public enum Geometry: Hashable, Sendable {
        case box(Box)
    }

    /// Unique within the image: "1", "2", … in falling order of score.
    public var id: String
    public var findingClass: FindingClass
    /// In 0...1; not a probability unless the model's card says it was calibrated.
    public var score: Double
    /// The probability that the finding is there, where the model's card says how its scores become probabilities.
    public var probability: Double?
    public var geometry: Geometry
    /// The id of a surer finding in the same place, of which this is another reading (`Alternatives`); `nil` where it stands for itself.
    public var alternativeTo: String?
    /// Where in the chest, by masks; `nil` where nobody asked, or where the masks are not to be trusted.
    public var place: FindingPlace?

    public init(
        id: String, findingClass: FindingClass, score: Double, probability: Double? = nil, geometry: Geometry, alternativeTo: String? = nil
    ) {
        self.id = id
        self.findingClass = findingClass
        self.score = score
        self.probability = probability
        self.geometry = geometry
        self.alternativeTo = alternativeTo
    }

    /// The smallest box around the geometry, in pixels of the original image.
    public var boundingBox: Box {
        switch geometry {
        case .box(let box): box
        }
    }
}
