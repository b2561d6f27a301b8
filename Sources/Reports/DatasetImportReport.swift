import Datasets

/// What an import made, for programs.
public struct DatasetImportReport: Encodable, Hashable, Sendable {
    /// The dataset's folder, as the user named it.
    public var out: String
    /// The title of the format that was read.
    public var format: String
    public var images: Int
    public var boxes: Int
    public var patients: Int
    public var folds: Int
    public var notes: [String]
    /// Where problems were allowed; the first thousand.
    public var leftOut: [String]
    public var leftOutTotal: Int

    private enum CodingKeys: String, CodingKey {
        case out, format, images, boxes, patients, folds, notes
        case leftOut = "left_out"
        case leftOutTotal = "left_out_total"
    }

    public init(out: String, format: String, dataset: Dataset, notes: [String], problems: ProblemList) {
        (self.out, self.format, self.notes) = (out, format, notes)
        (images, boxes) = (dataset.images.count, dataset.boxCount)
        (patients, folds) = (Set(dataset.images.map(\.patient)).count, Set(dataset.folds.values).count)
        (leftOut, leftOutTotal) = (Array(problems), problems.total)
    }

    /// In a line.
    public var text: String { "\(out): \(format): \(images) images, \(boxes) boxes, \(patients) patients, \(folds) folds" }
}
