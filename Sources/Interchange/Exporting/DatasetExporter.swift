import Basics
import Datasets
import Foundation

/// Writes a dataset in another tool's format.
public struct DatasetExporter: Sendable {
    public let format: any AnnotationFormat
    public var options: ExportOptions

    public init(_ format: any AnnotationFormat, options: ExportOptions = ExportOptions()) {
        self.format = format
        self.options = options
    }

    /// What of this dataset the format cannot carry, in words.
    public func lost(of dataset: Dataset) -> [String] {
        var carried = format.contents
        if options.roundsToPixels { carried.remove(.fractions) }
        return FormatContents(of: dataset).subtracting(carried).descriptions
    }

    /// - Parameter target: The folder to make; it must not be there, or be empty. It appears whole or not at all.
    /// - Returns: What was done to pictures, one line each.
    /// - Throws: `DatasetError`, of code `lost` with every image that is not there any more; `LabelMapError`, `RadiographError`.
    @discardableResult
    public func write(_ dataset: Dataset, to target: URL) throws -> [String] {
        try dataset.checkImages()
        let folder = try AtomicFolder(target, failure: DatasetError.init)
        return try ExchangedPictures.with(dataset, depth: options.bitDepth, beside: target) { dataset, notes in
            try folder.fill { try format.write(dataset, to: $0, options: options) }
            return notes
        }
    }
}

extension ImageLaying {
    package init(_ options: ExportOptions) { self.init(copies: options.copiesImages) }
}
