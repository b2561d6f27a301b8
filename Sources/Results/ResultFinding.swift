import Geometry

/// A finding as it is told to other systems.
public struct ResultFinding: Hashable, Sendable {
    /// Unique within the result, and the same whenever it is made. ASCII, up to 32 characters.
    public var id: String
    /// The name in the label map, such as `Effusion`; `Terminology` has its codes.
    public var label: String
    /// SOP Instance UID of the image that it is on.
    public var image: String
    /// In pixels of the image, from the top-left corner of its top-left pixel.
    public var box: Box
    /// The model's, in 0...1; `nil` where a person drew the box.
    public var score: Double?
    /// How often such a finding is right, where the model was calibrated; in 0...1.
    public var probability: Double?
    public var place: Place?
    /// The id of a surer finding in the same place.
    public var alternativeTo: String?
    /// What a person did with the model's finding; `nil` in a model's own result.
    public var decision: Decision?
    /// True where the model has learnt the finding from few boxes; people are told so.
    public var isExperimental: Bool

    public enum Decision: String, Hashable, Sendable, Codable, CaseIterable {
        case accepted, moved, relabelled, added
    }

    public init(
        id: String, label: String, image: String, box: Box, score: Double? = nil, probability: Double? = nil, place: Place? = nil,
        alternativeTo: String? = nil, decision: Decision? = nil, isExperimental: Bool = false
    ) {
        self.isExperimental = isExperimental
        (self.id, self.label, self.image, self.box) = (id, label, image, box)
        (self.score, self.probability, self.place) = (score, probability, place)
        (self.alternativeTo, self.decision) = (alternativeTo, decision)
    }

    /// Where in the lungs a box is, by the thirds of the image: no anatomy was looked at.
    public struct Place: Hashable, Sendable {
        public enum Zone: String, Hashable, Sendable, Codable, CaseIterable { case upper, middle, lower }
        /// The patient's side.
        public enum Side: String, Hashable, Sendable, Codable, CaseIterable { case left, right, both }
        public var zone: Zone?
        public var side: Side?

        public init(zone: Zone?, side: Side?) { (self.zone, self.side) = (zone, side) }
    }
}
