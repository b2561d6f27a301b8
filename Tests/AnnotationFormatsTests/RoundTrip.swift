import AnnotationFormats
import Datasets
import Foundation
import Interchange
import PleuraTesting
import Testing

/// Expects that `b`, which came of `a` by way of a format, has all that the format claims to carry.
/// - Parameter tolerance: Of each edge of a box, in pixels; at least half a pixel where the format has whole pixels only.
func expectSame(
    _ a: Dataset, _ b: Dataset, carrying contents: FormatContents, tolerance: Double = 0,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    let differences = DatasetComparison(contents: contents, tolerance: tolerance).differences(a, b)
    #expect(differences.isEmpty, "\(differences.prefix(20).joined(separator: "\n"))", sourceLocation: sourceLocation)
}

/// Writes a dataset in a format, has the folder recognised as that format, and imports it again.
func roundTrip(
    _ dataset: Dataset, _ format: any AnnotationFormat, options: ExportOptions = ExportOptions(), in root: TemporaryFolder,
    sourceLocation: SourceLocation = #_sourceLocation
) throws -> Dataset {
    let (there, back) = (root.file("export-\(UUID().uuidString)"), root.file("import-\(UUID().uuidString)"))
    try DatasetExporter(format, options: options).write(dataset, to: there)
    let source = try AnnotationSource(there)
    #expect(try AnnotationFormats.recognised(source).name == format.name, sourceLocation: sourceLocation)
    return try DatasetImporter().importDataset(source, format: format, to: back).dataset
}
