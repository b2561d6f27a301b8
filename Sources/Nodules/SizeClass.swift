/// In which size class of a guideline a nodule falls, if that guideline applies to the patient at all. No advice follows from it here.
///
/// Diameter and volume can fall into different classes; both are told then.
public struct SizeClass: Hashable, Sendable, Codable {
    public enum Guideline: String, Hashable, Sendable, Codable, CaseIterable {
        /// ACR Lung-RADS 2022, a baseline screening scan.
        case lungRADS2022 = "Lung-RADS 2022"
        /// MacMahon et al., Radiology 2017.
        case fleischner2017 = "Fleischner 2017"
    }
    public enum Basis: String, Hashable, Sendable, Codable, CaseIterable { case diameter, volume }

    public var guideline: Guideline
    /// By which measure.
    public var basis: Basis
    /// Such as `6 to under 8 mm`.
    public var size: String
    /// Lung-RADS's category of that size at baseline; Fleischner has none.
    public var category: String?

    /// To whom a guideline applies: nothing in a picture says it.
    public static func condition(_ guideline: Guideline) -> String {
        switch guideline {
        case .lungRADS2022: "only for a person who is screened for lung cancer, at the first scan"
        case .fleischner2017:
            "only for an incidental nodule of a person of 35 years or more without known cancer or immune deficiency, not in screening"
        }
    }
}

/// The classes of one nodule.
public struct SizeClasses: Hashable, Sendable, Codable {
    public var classes: [SizeClass]
    /// Guidelines whose classes by diameter and by volume differ.
    public var differing: [SizeClass.Guideline]
    /// Why there are none, in a sentence.
    public var reason: String?

    /// - Parameter nodule: Of a kind that is known.
    public init(_ nodule: Nodule) {
        switch nodule.kind {
        case .solid?:
            classes = [
                Self.lungRADS(nodule.meanDiameter, .diameter, Self.solidDiameters),
                Self.lungRADS(nodule.volume, .volume, Self.solidVolumes),
                // Fleischner rounds the mean to whole millimetres.
                Self.fleischner(nodule.meanDiameter.rounded(), .diameter, Self.fleischnerDiameters),
                Self.fleischner(nodule.volume, .volume, Self.fleischnerVolumes),
            ]
        case .groundGlass?:
            classes = [
                Self.lungRADS(nodule.meanDiameter, .diameter, Self.glassDiameters),
                Self.lungRADS(nodule.volume, .volume, Self.glassVolumes),
                Self.fleischner(nodule.meanDiameter.rounded(), .diameter, Self.subsolidDiameters),
                Self.fleischner(nodule.volume, .volume, Self.subsolidVolumes),
            ]
        case .partSolid?:
            (classes, differing) = ([], [])
            guard let diameter = nodule.solidMeanDiameter, let volume = nodule.solidVolume else {
                reason = "the solid part was not measured"
                return
            }
            let isSmall = (diameter: nodule.meanDiameter < 6, volume: nodule.volume < 113)
            classes = [
                isSmall.diameter
                    ? SizeClass(guideline: .lungRADS2022, basis: .diameter, size: "under 6 mm in all", category: "2")
                    : Self.lungRADS(diameter, .diameter, Self.partSolidDiameters),
                isSmall.volume
                    ? SizeClass(guideline: .lungRADS2022, basis: .volume, size: "under 113 mm3 in all", category: "2")
                    : Self.lungRADS(volume, .volume, Self.partSolidVolumes),
                Self.fleischner(nodule.meanDiameter.rounded(), .diameter, Self.subsolidDiameters),
                Self.fleischner(nodule.volume, .volume, Self.subsolidVolumes),
            ]
        case .unsure?, nil:
            (classes, differing) = ([], [])
            reason = "the kind of the nodule is not sure, and every guideline goes by it"
            return
        }
        let found = classes
        differing = SizeClass.Guideline.allCases.filter { guideline in
            let ranks = found.filter { $0.guideline == guideline }.map { Self.rank($0) }
            return Set(ranks).count > 1
        }
    }

    /// A step of a guideline: from a size on, its words and category. Steps of diameter and volume are the same in number and order.
    private struct Step {
        var from: Double
        var size: String
        var category: String?
        /// The step's own size belongs to the step below.
        var isAbove = false
    }

    private static let solidDiameters = [
        Step(from: 0, size: "under 6 mm", category: "2"), Step(from: 6, size: "6 to under 8 mm", category: "3"),
        Step(from: 8, size: "8 to under 15 mm", category: "4A"), Step(from: 15, size: "15 mm or more", category: "4B"),
    ]
    private static let solidVolumes = [
        Step(from: 0, size: "under 113 mm3", category: "2"), Step(from: 113, size: "113 to under 268 mm3", category: "3"),
        Step(from: 268, size: "268 to under 1767 mm3", category: "4A"), Step(from: 1_767, size: "1767 mm3 or more", category: "4B"),
    ]
    private static let glassDiameters = [
        Step(from: 0, size: "under 30 mm", category: "2"), Step(from: 30, size: "30 mm or more", category: "3"),
    ]
    private static let glassVolumes = [
        Step(from: 0, size: "under 14137 mm3", category: "2"), Step(from: 14_137, size: "14137 mm3 or more", category: "3"),
    ]
    private static let partSolidDiameters = [
        Step(from: 0, size: "6 mm or more in all, solid part under 6 mm", category: "3"),
        Step(from: 6, size: "solid part 6 to under 8 mm", category: "4A"), Step(from: 8, size: "solid part 8 mm or more", category: "4B"),
    ]
    private static let partSolidVolumes = [
        Step(from: 0, size: "113 mm3 or more in all, solid part under 113 mm3", category: "3"),
        Step(from: 113, size: "solid part 113 to under 268 mm3", category: "4A"),
        Step(from: 268, size: "solid part 268 mm3 or more", category: "4B"),
    ]
    private static let fleischnerDiameters = [
        Step(from: 0, size: "under 6 mm"), Step(from: 6, size: "6 to 8 mm"), Step(from: 8, size: "over 8 mm", isAbove: true),
    ]
    private static let fleischnerVolumes = [
        Step(from: 0, size: "under 100 mm3"), Step(from: 100, size: "100 to 250 mm3"), Step(from: 250, size: "over 250 mm3", isAbove: true),
    ]
    private static let subsolidDiameters = [Step(from: 0, size: "under 6 mm"), Step(from: 6, size: "6 mm or more")]
    private static let subsolidVolumes = [Step(from: 0, size: "under 100 mm3"), Step(from: 100, size: "100 mm3 or more")]

    private static func step(_ value: Double, _ steps: [Step]) -> Step? { steps.last { $0.isAbove ? value > $0.from : value >= $0.from } }

    private static func lungRADS(_ value: Double, _ basis: SizeClass.Basis, _ steps: [Step]) -> SizeClass {
        let step = step(value, steps)
        return SizeClass(guideline: .lungRADS2022, basis: basis, size: step?.size ?? "", category: step?.category)
    }

    private static func fleischner(_ value: Double, _ basis: SizeClass.Basis, _ steps: [Step]) -> SizeClass {
        SizeClass(guideline: .fleischner2017, basis: basis, size: step(value, steps)?.size ?? "", category: nil)
    }

    /// Which step a class is, counted from the lowest, so that those of diameter and volume can be compared.
    private static func rank(_ found: SizeClass) -> Int {
        let tables = [
            solidDiameters, solidVolumes, glassDiameters, glassVolumes, fleischnerDiameters, fleischnerVolumes, subsolidDiameters,
            subsolidVolumes,
        ]
        if let category = found.category { return ["2": 0, "3": 1, "4A": 2, "4B": 3][category] ?? -1 }
        return tables.compactMap { table in table.firstIndex { $0.size == found.size } }.first ?? -1
    }
}
