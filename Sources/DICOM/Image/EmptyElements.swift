import Findings

/// Optional elements and sequences that a file has and that say nothing. Scanners and PACS write them for form's sake, so they are as good as
/// absent; but a reader is told, since what was meant to be there is not.
struct EmptyElements {
    private(set) var names: [String] = []

    private static let values: [(tag: Tag, name: String)] = [
        (.rescaleIntercept, "Rescale Intercept"), (.rescaleSlope, "Rescale Slope"), (.windowCenter, "Window Center"),
        (.windowWidth, "Window Width"),
    ]
    private static let lookupTables: [(tag: Tag, name: String)] = [
        (.modalityLUTSequence, "Modality LUT Sequence"), (.voiLUTSequence, "VOI LUT Sequence"),
        (.presentationLUTSequence, "Presentation LUT Sequence"),
    ]
    private static let macros: [(tag: Tag, name: String)] = [
        (.pixelMeasuresSequence, "Pixel Measures Sequence"), (.frameVOILUTSequence, "Frame VOI LUT Sequence"),
        (.pixelValueTransformationSequence, "Pixel Value Transformation Sequence"), (.frameAnatomySequence, "Frame Anatomy Sequence"),
        (.frameContentSequence, "Frame Content Sequence"), (.planePositionSequence, "Plane Position Sequence"),
        (.planeOrientationSequence, "Plane Orientation Sequence"),
    ]
    private static let groups: [(tag: Tag, name: String)] = [
        (.sharedFunctionalGroupsSequence, "Shared Functional Groups Sequence"),
        (.perFrameFunctionalGroupsSequence, "Per-Frame Functional Groups Sequence"),
    ]

    /// Looks where a frame's grey values and place come from.
    init(_ groups: FunctionalGroups) {
        look(into: groups.dataset)
        for (tag, name) in Self.groups where groups.dataset.has(tag) && groups.dataset.filledItem(tag) == nil { note(tag, name) }
        for group in [groups.shared, groups.own].compactMap({ $0 }) where !group.isEmpty {
            for (tag, name) in Self.macros where group.has(tag) {
                guard let item = group.filledItem(tag) else {
                    note(tag, name)
                    continue
                }
                look(into: item)
            }
        }
    }

    /// One for all of them; `nil` where there are none.
    var warning: ImageWarning? {
        guard let last = names.last else { return nil }
        guard names.count > 1 else { return ImageWarning(.emptyElement, last) }
        return ImageWarning(.emptyElements, "\(names.dropLast().joined(separator: ", ")) and \(last)")
    }

    private mutating func look(into item: DICOMItem) {
        for (tag, name) in Self.values where item.isBlank(tag) { note(tag, name) }
        for (tag, name) in Self.lookupTables where item.has(tag) && item.items(tag).allSatisfy({ LookupTable.isAbsent(from: $0) }) {
            note(tag, name)
        }
    }

    private mutating func note(_ tag: Tag, _ name: String) {
        let text = "\(name) \(tag)"
        if !names.contains(text) { names.append(text) }
    }
}
