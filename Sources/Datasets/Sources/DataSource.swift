/// What one source of a dataset says of the images that name it: which findings it has boxes of, which it says of whole images, and of
/// which of them its silence means that they are not there.
///
/// What no source says is not known, and what is not known is neither taught nor scored as absent (Zhou et al., Prior-aware neural
/// network for partially-supervised multi-organ segmentation, ICCV 2019; Zhao et al., Object detection with a unified label space from
/// multiple datasets, ECCV 2020).
public struct DataSource: Hashable, Sendable {
    /// As images name it in their attribute `sources`, and boxes as their reader.
    public var name: String
    /// Who looked at the images, for people.
    public var readers: String?
    /// Findings that it has boxes of.
    public var boxed: [String]
    /// Findings that it says of whole images: an image's labels name them or they are not there, as far as it knows.
    public var labelled: [String]
    /// Of `boxed` and `labelled`, those that it is relied on for: without a box (or, where it only labels, without the label) the finding
    /// is not on the image. Only on such images is a finding scored.
    public var complete: [String]
    /// The tables that it comes from, by file name; an import looks for them.
    public var tables: [String]
    /// An import gives it to the images without findings.
    public var isNormals: Bool

    public init(
        name: String, readers: String? = nil, boxed: [String] = [], labelled: [String] = [], complete: [String] = [], tables: [String] = [],
        isNormals: Bool = false
    ) {
        self.name = name
        self.readers = readers
        self.boxed = boxed
        self.labelled = labelled
        self.complete = complete
        self.tables = tables
        self.isNormals = isNormals
    }
}

extension DatasetImage {
    /// The attribute in which an image names its sources, with `|` between them.
    public static let sourcesAttribute = "sources"

    /// The names of the sources that say something of the image.
    public var sources: [String] {
        get { (attributes[Self.sourcesAttribute] ?? "").split(separator: "|").map(String.init) }
        set { attributes[Self.sourcesAttribute] = newValue.isEmpty ? nil : newValue.joined(separator: "|") }
    }
}
