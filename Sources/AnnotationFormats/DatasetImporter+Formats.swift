import Datasets
import Findings
import Foundation
import Interchange
import TableFormats

extension DatasetImporter {
    /// - Parameters:
    ///   - normals: Folders of images without boxes; what is in the source too is left out.
    ///   - labelled: Folders of which only findings of whole images are taken, in any format that has them; what is in the source or
    ///     among the normals too is left out.
    ///   - target: The dataset directory to make; it must not be there, or be empty.
    /// - Throws: `DatasetError` with every problem, each with file and row; then nothing is written.
    public func importDataset(
        _ source: AnnotationSource, format: any AnnotationFormat, normals: [AnnotationSource] = [], labelled: [AnnotationSource] = [],
        to target: URL
    ) throws -> Outcome {
        guard let sources else {
            let further =
                normals.map { Further($0) { try NIHFormat().readNormals($0) } } + labelled.map { Further($0, read: Self.labelledImages) }
            return try importDataset(source, format: format, further: further, to: target)
        }
        var importer = self
        importer.labelMap = try sources.labelMap(or: labelMap)
        let reading = SourcedReading(sources.sources, classes: importer.labelMap?.classes ?? [], ontology: sources.ontology)
        return try importer.importDataset(
            source, format: format,
            further: normals.map { Further($0) { try reading.read($0, as: .normals) { try NIHFormat().readNormals($0) } } }
                + labelled.map { Further($0) { try reading.read($0, as: .labelled) { try AnnotationFormats.recognised($0).read($0) } } },
            to: target, reading: { try reading.read($0, as: .boxed, by: format.read) })
    }

    /// Images with what is said of them as a whole, without whatever boxes they have.
    private static func labelledImages(_ folder: AnnotationSource) throws -> AnnotationDocument {
        var document = try AnnotationFormats.recognised(folder).read(folder)
        document.images.removeAll { $0.labels == nil }
        guard !document.images.isEmpty else {
            throw DatasetError(.malformed, "\(folder.url.lastPathComponent): nothing says which findings a whole image has")
        }
        for index in document.images.indices { document.images[index].boxes = [] }
        return document
    }
}
