import Basics
import Datasets
import Evaluation
import Findings
import Foundation

/// Another tool's results as their file has them, before they are held against images and label map (`PredictionCheck`).
public struct PredictionFile: Sendable {
    /// How it was read, such as `COCO results`.
    public var format: String
    public var rows: [PredictedBox]
    /// One line for each entry that is no row.
    public var problems: ProblemList
    /// How many entries those are.
    public var leftOut: Int

    init(format: String, rows: [PredictedBox] = [], problems: ProblemList = []) {
        self.format = format
        self.rows = rows
        self.problems = problems
        leftOut = problems.total
    }

    /// Reads a file or a folder, recognised by its content:
    ///
    /// - COCO's results, a JSON array of `image_id`, `category_id`, `bbox`, `score`; `image_id` may be a file's name, and `file_name` or a
    ///   finding's name beside goes before the numbers; COCO's instances with scores;
    /// - the JSON of `pleura detect`;
    /// - a folder of YOLO txt files with scores (`class x y width height score`, shares of the image);
    /// - CSV: a row a box with image, finding, score and edges, or Kaggle's `PredictionString` (VinBigData, RSNA).
    ///
    /// - Parameters:
    ///   - images: All images of the dataset, for ids and sizes.
    ///   - findingClasses: Of the dataset's label map.
    /// - Throws: `EvaluationError`: `missing` where it cannot be opened, `malformed` where it is none of these.
    public static func read(_ url: URL, images: [DatasetImage], findingClasses: [FindingClass]) throws -> PredictionFile {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
            throw EvaluationError(.missing, "no such file or folder of predictions")
        }
        if isFolder.boolValue { return try yolo(url, images: images, findingClasses: findingClasses) }
        let kind = try? FileManager.default.attributesOfItem(atPath: url.resolvingSymlinksInPath().path)[.type] as? FileAttributeType
        guard kind == .typeRegular, let bytes = try? Data(contentsOf: url, options: .mappedIfSafe) else {
            throw EvaluationError(.missing, "the predictions cannot be opened for reading")
        }
        // A table may have any size; its beginning says that it is one.
        let beginning = TextDecoding.head(bytes.prefix(1 << 16)).first { !($0 == 0x20 || (0x09...0x0D).contains($0)) }
        guard let beginning else { throw EvaluationError(.malformed, "the file of predictions is empty; COCO results without any are []") }
        guard beginning == UInt8(ascii: "[") || beginning == UInt8(ascii: "{") else {
            return try csv(url, images: images, findingClasses: findingClasses)
        }
        guard let text = TextDecoding.utf8(bytes) else {
            throw EvaluationError(.malformed, "line \(TextDecoding.faultLine(bytes)): not UTF-8 text")
        }
        return beginning == UInt8(ascii: "[")
            ? try coco(text, images: images, findingClasses: findingClasses)
            : try object(text, images: images, findingClasses: findingClasses)
    }
}
