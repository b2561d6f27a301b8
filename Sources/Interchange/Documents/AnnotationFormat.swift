import Datasets
import Foundation

/// A way to write boxes down that other tools read, such as Pascal VOC's XML.
public protocol AnnotationFormat: Sendable {
    /// As `--format` takes it: `voc`.
    var name: String { get }
    /// For people: `Pascal VOC XML (labelImg)`.
    var title: String { get }
    var contents: FormatContents { get }

    /// Whether the source looks like this format; reads as little as it can.
    func recognises(_ source: AnnotationSource) -> Bool

    /// What the source's files say. Faults of single rows are `problems` of the document, and the other rows are there.
    /// - Throws: `DatasetError` where a file cannot be read at all.
    func read(_ source: AnnotationSource) throws -> AnnotationDocument

    /// Writes the dataset's boxes into an empty folder; `DatasetExporter` makes it, gives it its name when all is written, and says what
    /// the format cannot carry.
    /// - Throws: `DatasetError`, `RadiographError`, `LabelMapError`.
    func write(_ dataset: Dataset, to folder: URL, options: ExportOptions) throws
}

/// What a person may choose of an export.
public struct ExportOptions: Hashable, Sendable {
    /// True copies the images; false lays symbolic links.
    public var copiesImages = false
    /// Edges go to the nearest whole pixel, for tools that read integers only.
    public var roundsToPixels = false
    /// The bits a sample of the pictures; `nil` keeps the depth of each.
    public var bitDepth: PictureDepth?
    /// Files a set of records is spread over.
    public var shards = 1

    public init() {}
}
