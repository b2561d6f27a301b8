import Datasets
import Findings
import Geometry

/// What an annotation format can carry. Everything has boxes with a finding and the name of the image.
public struct FormatContents: OptionSet, Hashable, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// More than one finding.
    public static let findings = FormatContents(rawValue: 1 << 0)
    /// The ids of the label map; without, findings get ids in alphabetical order on the way back.
    public static let classIDs = FormatContents(rawValue: 1 << 1)
    /// Findings that no box has.
    public static let unusedClasses = FormatContents(rawValue: 1 << 2)
    /// Images without boxes.
    public static let emptyImages = FormatContents(rawValue: 1 << 3)
    /// Edges between whole pixels.
    public static let fractions = FormatContents(rawValue: 1 << 4)
    /// Who the patient is, other than by the name of the image.
    public static let patients = FormatContents(rawValue: 1 << 5)
    /// PA, AP, lateral.
    public static let views = FormatContents(rawValue: 1 << 6)
    /// Train, validation, test.
    public static let parts = FormatContents(rawValue: 1 << 7)
    /// Folds of a cross-validation.
    public static let folds = FormatContents(rawValue: 1 << 8)
    /// Who drew a box.
    public static let readers = FormatContents(rawValue: 1 << 9)
    /// How much the readers of a merged box agree.
    public static let agreement = FormatContents(rawValue: 1 << 10)
    /// Findings of the whole image.
    public static let imageLabels = FormatContents(rawValue: 1 << 11)
    /// Sex, age and other columns.
    public static let attributes = FormatContents(rawValue: 1 << 12)
    /// The pixels themselves.
    public static let pixels = FormatContents(rawValue: 1 << 13)
    /// What each source says of its images, and places that are not known; only `coco` has them.
    public static let sources = FormatContents(rawValue: 1 << 14)

    /// Each with the words in which a table and an export say it.
    package static let names: [(contents: FormatContents, name: String)] = [
        (.findings, "more than one finding"), (.classIDs, "class ids"), (.unusedClasses, "findings without a box"),
        (.emptyImages, "images without boxes"), (.fractions, "fractions of a pixel"), (.patients, "patients"), (.views, "views"),
        (.parts, "parts of a split"), (.folds, "folds"), (.readers, "readers"), (.agreement, "agreement"),
        (.imageLabels, "image labels"), (.attributes, "attributes"), (.sources, "what the sources say"),
    ]

    /// What `dataset` has. An image's patient counts where it is not what `PatientNames.automatic` finds in the name.
    public init(of dataset: Dataset) {
        var contents: FormatContents = []
        let used = Set(dataset.images.flatMap { $0.boxes.map(\.classID) })
        if used.count > 1 { contents.insert(.findings) }
        let named = dataset.findingClasses.sorted { $0.id < $1.id }
        if named.map(\.name) != named.map(\.name).sorted() || named.map(\.id) != Array(1...max(1, named.count)) {
            contents.insert(.classIDs)
        }
        if used.count < dataset.findingClasses.count { contents.insert(.unusedClasses) }
        if !dataset.folds.isEmpty { contents.insert(.folds) }
        if !dataset.sources.isEmpty || dataset.images.contains(where: { !$0.unknown.isEmpty }) { contents.insert(.sources) }
        for image in dataset.images {
            if image.boxes.isEmpty { contents.insert(.emptyImages) }
            if image.patient != PatientNames.automatic.patient(fileName: image.fileName) { contents.insert(.patients) }
            if image.view != nil { contents.insert(.views) }
            if image.part != nil { contents.insert(.parts) }
            if image.labels != nil { contents.insert(.imageLabels) }
            if !image.attributes.isEmpty { contents.insert(.attributes) }
            for annotation in image.boxes {
                if annotation.reader != nil { contents.insert(.readers) }
                if annotation.agreement != nil { contents.insert(.agreement) }
                let edges = [annotation.box.x, annotation.box.y, annotation.box.width, annotation.box.height]
                if edges.contains(where: { $0 != $0.rounded() }) { contents.insert(.fractions) }
            }
        }
        self = contents
    }

    /// In words, in a fixed order.
    public var descriptions: [String] { Self.names.filter { contains($0.contents) }.map(\.name) }
}
