/// Where in the chest a finding lies, by masks of lungs and heart. Sides are the patient's.
public struct FindingPlace: Hashable, Sendable {
    public enum Side: String, Hashable, Sendable, CaseIterable { case right, left, both }
    /// Thirds of the lung's height.
    public enum Zone: String, Hashable, Sendable, CaseIterable { case upper, middle, lower }
    public enum Region: String, Hashable, Sendable, CaseIterable {
        /// In the uppermost 15 % of the lung's height.
        case apical
        /// In the middle zone, within a third of the lung's width from the midline.
        case hilar
        /// In the lowest 15 % of the lung's height, at the wall.
        case costophrenic
        /// Behind the heart, left of the midline.
        case retrocardiac
        /// Hardly any of the box lies on the chest.
        case outside
    }

    /// `nil` outside the chest.
    public var side: Side?
    /// `nil` outside the chest.
    public var zone: Zone?
    /// Where it has a name of its own.
    public var region: Region?

    public init(side: Side? = nil, zone: Zone? = nil, region: Region? = nil) {
        (self.side, self.zone, self.region) = (side, zone, region)
    }

    public static let outsideChest = FindingPlace(region: .outside)

    /// For people: `right lower zone, costophrenic`.
    public var text: String {
        guard region != .outside else { return "outside the chest" }
        let sideText: String? =
            switch side {
            case .both: "both sides"
            case let side?: side.rawValue
            case nil: nil
            }
        let whole = [sideText, zone.map { "\($0.rawValue) zone" }].compactMap(\.self).joined(separator: side == .both ? ", " : " ")
        return [whole, region?.rawValue].compactMap(\.self).joined(separator: ", ")
    }
}
