import Datasets

/// What became of several readers' boxes, for programs.
public struct DatasetMergeReport: Encodable, Hashable, Sendable {
    /// The dataset's folder, as the user named it.
    public var out: String
    public var images: Int
    public var boxes: Int
    /// Before they were merged.
    public var boxesBefore: Int

    private enum CodingKeys: String, CodingKey {
        case out, images, boxes
        case boxesBefore = "boxes_before"
    }

    public init(out: String, merged: Dataset, from source: Dataset) {
        self.out = out
        (images, boxes, boxesBefore) = (merged.images.count, merged.boxCount, source.boxCount)
    }

    /// In a line.
    public var text: String { "\(out): \(boxesBefore) boxes merged into \(boxes), \(images) images" }
}
