import Datasets
import Foundation
import Interchange

extension DatasetChecker.Subject {
    /// Any tool's annotations.
    public static func annotations(_ source: AnnotationSource, _ format: any AnnotationFormat, _ importer: DatasetImporter) -> Self {
        .annotations(title: format.title) { folder in
            var importer = importer
            importer.skipsInvalid = true
            importer.copiesImages = false
            let outcome = try importer.importDataset(source, format: format, further: [], to: folder)
            return (outcome.dataset, outcome.problems)
        }
    }
}
