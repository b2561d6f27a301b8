import Datasets
import Foundation

/// The images that something is measured on: those of a dataset, or of one fold of it.
public struct AssessedImages: Sendable {
    public let dataset: Dataset
    /// What the user calls the dataset; it stands in messages.
    public let name: String
    /// `nil` for all images.
    public let fold: Int?
    /// Those of the fold, or all.
    public let images: [DatasetImage]

    /// - Throws: `AssessmentError` where the dataset has no such fold.
    public init(of dataset: Dataset, called name: String, fold: Int? = nil) throws(AssessmentError) {
        (self.dataset, self.name, self.fold) = (dataset, name, fold)
        guard let fold else {
            images = dataset.images
            return
        }
        let folds = Set(dataset.folds.values).sorted()
        guard folds.contains(fold) else {
            let there = folds.isEmpty ? "it has none" : "it has \(folds.map(String.init).joined(separator: ", "))"
            throw AssessmentError(.wrongUse, about: name, "there is no fold \(fold); \(there)")
        }
        images = dataset.images.filter { dataset.fold(of: $0) == fold }
    }

    /// Reads a dataset directory.
    /// - Throws: `AssessmentError` where it cannot be read, or has no such fold.
    public init(directory path: String, fold: Int? = nil) throws(AssessmentError) {
        try self.init(of: try Self.read(path), called: path, fold: fold)
    }

    static func read(_ path: String) throws(AssessmentError) -> Dataset {
        try AssessmentError.about(path) { try Dataset.read(directory: URL(fileURLWithPath: path)) }
    }

    /// Which images these are, such as `fold 0`.
    public var split: String { fold.map { "fold \($0)" } ?? "all images" }

    /// The name of the dataset's folder.
    public var folderName: String { Self.folderName(dataset) }

    static func folderName(_ dataset: Dataset) -> String { dataset.directory.standardizedFileURL.lastPathComponent }
}
