/// A figure in parts of the images, such as PA and AP.
public struct SubgroupComparison: Codable, Hashable, Sendable {
    /// One part.
    public struct Group: Codable, Hashable, Sendable {
        public var name: String
        public var images: Int
        public var patients: Int
        /// `nil` where the figure cannot be told of this part, such as the average precision of a finding that none of it has.
        public var figure: ConfidenceInterval?
        /// The part's figure less that of all other parts together, drawn in pairs; `nil` where either cannot be told.
        public var gap: ConfidenceInterval?
        /// Two-sided, of no gap; see `BootstrapDistribution.pValue`.
        public var pValue: Double?

        public init(name: String, images: Int, patients: Int) {
            self.name = name
            self.images = images
            self.patients = patients
        }

        /// Whether the gap is larger than its interval: zero lies outside. Of twenty gaps that are none, one is flagged by chance.
        public var isFlagged: Bool { gap?.excludes(0) ?? false }

        private enum CodingKeys: String, CodingKey {
            case name, images, patients, figure, gap
            case pValue = "p_value"
        }
    }

    /// What parts the images, such as `view`.
    public var attribute: String
    public var groups: [Group]
    /// Images of which the attribute is not known; they are in no group and in no gap.
    public var unknown: Int

    /// Parts whose gap is larger than its interval.
    public var flagged: [Group] { groups.filter(\.isFlagged) }
}

extension PatientBootstrap {
    /// A figure in parts of the images, with its interval in each and the gap to the others.
    /// - Parameters:
    ///   - attribute: What parts the images, such as `view`.
    ///   - values: The part of each image; `nil` where it is not known.
    ///   - order: Parts in the order to tell them in; others follow by name.
    ///   - figure: The figure of the images with these multiplicities, zero for an image that is not in the part. Called on several threads.
    public func subgroups(
        attribute: String, values: [String?], order: [String] = [], level: Double = 0.95, of figure: @Sendable ([Int]) -> Double?
    ) -> SubgroupComparison {
        // One value an image, whatever was given.
        let values = values.prefix(imageCount) + Array(repeating: nil, count: max(0, imageCount - values.count))
        let known = Set(values.compactMap { $0 })
        let names = order.filter(known.contains) + known.subtracting(order).sorted(by: Self.isBefore)
        let numbers = Dictionary(names.enumerated().map { ($1, $0) }) { first, _ in first }
        let groups = values.map { value in value.flatMap { numbers[$0] } }
        let counted = names.indices.map { group in
            SubgroupComparison.Group(
                name: names[group], images: groups.count { $0 == group },
                patients: patientCount(where: { groups[$0] == group }))
        }
        return subgroups(attribute: attribute, unknown: groups.count { $0 == nil }, groups: counted, level: level) { multiplicities in
            func part(_ isIn: (Int) -> Bool) -> Double? {
                figure(
                    multiplicities.indices.map { image in groups[image].map(isIn) == true ? multiplicities[image] : 0 })
            }
            let inside = names.indices.map { group in part { $0 == group } }
            switch names.count {
            case 0, 1: return inside.map { ($0, nil) }
            // Each is what is left of the other.
            case 2: return [(inside[0], inside[1]), (inside[1], inside[0])]
            default: return names.indices.map { group in (inside[group], part { $0 != group }) }
            }
        }
    }

    /// The same for parts that are not of whole images, such as boxes of one size: the figures of each part and of all others come from
    /// the caller.
    /// - Parameters:
    ///   - groups: Name, images and patients of each part; what else they hold is filled in.
    ///   - figures: One pair a part, in the same order, of the images with these multiplicities. Called on several threads.
    public func subgroups(
        attribute: String, unknown: Int = 0, groups: [SubgroupComparison.Group], level: Double = 0.95,
        figures: @Sendable ([Int]) -> [(group: Double?, others: Double?)]
    ) -> SubgroupComparison {
        let distributions = distributions { multiplicities in
            figures(multiplicities).flatMap { pair -> [Double?] in
                [pair.group, pair.group.flatMap { group in pair.others.map { group - $0 } }]
            }
        }
        let filled = groups.indices.map { index in
            var group = groups[index]
            guard 2 * index + 1 < distributions.count else { return group }
            group.figure = distributions[2 * index].interval(level: level)
            group.gap = distributions[2 * index + 1].interval(level: level)
            group.pValue = distributions[2 * index + 1].pValue
            return group
        }
        return SubgroupComparison(attribute: attribute, groups: filled, unknown: unknown)
    }

    /// Numbers in names by their value, so that 9 comes before 10.
    private static func isBefore(_ one: String, _ other: String) -> Bool {
        switch (Double(one), Double(other)) {
        case (let one?, let other?) where one != other: one < other
        default: one < other
        }
    }
}
