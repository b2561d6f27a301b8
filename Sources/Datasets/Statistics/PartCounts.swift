import Findings

/// How much of everything one part of a dataset has.
public struct PartCounts: Hashable, Sendable, Encodable {
    /// `train`, or `fold 0`; `none` for images in no part.
    public var name: String
    public var images: Int
    public var patients: Int
    public var imagesWithoutBoxes: Int
    public var boxes: Int
    /// Boxes of each class, in the label map's order.
    public var boxesOfFinding: [Int]

    enum CodingKeys: String, CodingKey {
        case name, images, patients, boxes
        case imagesWithoutBoxes = "images_without_boxes"
        case boxesOfFinding = "boxes_of_finding"
    }

    init(name: String, images: [DatasetImage], classes: [FindingClass]) {
        self.name = name
        self.images = images.count
        patients = Set(images.map(\.patient)).count
        imagesWithoutBoxes = images.filter(\.boxes.isEmpty).count
        var counts: [Int: Int] = [:]
        for image in images { for annotation in image.boxes { counts[annotation.classID, default: 0] += 1 } }
        boxes = counts.values.reduce(0, +)
        boxesOfFinding = classes.map { counts[$0.id] ?? 0 }
    }
}

extension Dataset {
    /// Counts of the whole.
    public var counts: PartCounts { PartCounts(name: "all", images: images, classes: findingClasses) }

    /// Counts by `part`; empty where no image has one. Train, validation and test come first, others by name, images without part last.
    public var countsByPart: [PartCounts] {
        guard images.contains(where: { $0.part != nil }) else { return [] }
        let names = Set(images.compactMap(\.part))
        let usual = Self.partNames.filter(names.contains)
        return counts(images.map { $0.part }, usual + names.subtracting(usual).sorted())
    }

    /// Counts by fold; empty where no image has one. Images in no fold come last.
    public var countsByFold: [PartCounts] {
        let numbers = Set(images.compactMap(fold)).sorted()
        guard !numbers.isEmpty else { return [] }
        return counts(images.map { fold(of: $0).map { "fold \($0)" } }, numbers.map { "fold \($0)" })
    }

    private func counts(_ part: [String?], _ names: [String]) -> [PartCounts] {
        let groups = Dictionary(grouping: images.indices) { part[$0] }
        let named = names.map { name in (name, groups[.some(name)] ?? []) }
        return (named + [("none", groups[nil] ?? [])]).filter { $0.0 != "none" || !$0.1.isEmpty }
            .map { PartCounts(name: $0.0, images: $0.1.map { images[$0] }, classes: findingClasses) }
    }
}
