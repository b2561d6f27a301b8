import Datasets

/// What an export wrote, for programs.
public struct DatasetExportReport: Encodable, Hashable, Sendable {
    /// The folder, as the user named it.
    public var out: String
    /// The format's short name.
    public var format: String
    public var images: Int
    public var boxes: Int
    /// What was done to pictures.
    public var notes: [String]
    /// What the format cannot carry.
    public var leftOut: [String]

    private enum CodingKeys: String, CodingKey {
        case out, format, images, boxes, notes
        case leftOut = "left_out"
    }

    public init(out: String, format: String, dataset: Dataset, notes: [String], leftOut: [String]) {
        (self.out, self.format, self.notes, self.leftOut) = (out, format, notes, leftOut)
        (images, boxes) = (dataset.images.count, dataset.boxCount)
    }
}
