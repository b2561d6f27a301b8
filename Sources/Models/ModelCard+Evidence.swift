import Findings

extension ModelCard {
    /// How much a model has seen of one finding: a field beside its class.
    public struct FindingEvidence: Codable, Hashable, Sendable {
        /// As the label map has it.
        public var name: String
        /// Boxes of it that were learnt from.
        public var boxes: Int
        /// True below `FindingClass.leastBoxes`: wherever the finding is named, it says so.
        public var experimental: Bool

        public init(name: String, boxes: Int) {
            (self.name, self.boxes) = (name, boxes)
            experimental = boxes < FindingClass.leastBoxes
        }
    }
}

extension ModelBundle {
    /// The label map's classes in its order, those marked that the card calls experimental.
    public var findingClasses: [FindingClass] {
        let experimental = Set((card.findings ?? []).filter(\.experimental).map(\.name))
        return labelMap.classes.map { FindingClass(id: $0.id, name: $0.name, isExperimental: experimental.contains($0.name)) }
    }
}
