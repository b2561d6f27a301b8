import Datasets
import Findings
import Foundation
import Interchange
import TFRecords

/// TFRecord shards as a dataset in their own right: nothing is unpacked, and `Dataset.encodedImage(of:)` reads images from them.
public enum TFRecordDataset {
    /// - Parameters:
    ///   - records: Files, or folders with them. Of a set of shards all must be there.
    ///   - labelMap: The classes and their ids; else the one in a folder of `records` or beside a file, or else what the records say.
    ///   - importer: How patients, folds, names of findings and faults are treated, as in an import.
    /// - Returns: A dataset whose directory is the first record's folder; it has no files of a dataset in it.
    /// - Throws: `DatasetError` with every problem, each with file and record.
    public static func open(
        records: [URL], labelMap: URL? = nil, importer: DatasetImporter = DatasetImporter()
    ) throws -> DatasetImporter.Outcome {
        guard let first = records.first else { throw DatasetError(.missing, "no TFRecord file is named") }
        var files: [(url: URL, name: String)] = []
        for record in records {
            let source = try AnnotationSource(record)
            files += source.isFolder ? RecordShards(source).files.map { ($0.url, $0.name) } : [(record, record.lastPathComponent)]
        }
        let shards = RecordShards(files, isComplete: true)
        var classes = try labelMap.map { try TFRecordFormat.labelMap($0, name: $0.lastPathComponent) }
        if classes == nil { classes = try TFRecordFormat().labelMap(of: AnnotationSource(first)) }
        let document = try TFRecordFormat().read(shards, labelMap: classes)
        let isFolder = try first.resourceValues(forKeys: [.isDirectoryKey]).isDirectory ?? false
        return try importer.open(document, directory: isFolder ? first : first.deletingLastPathComponent())
    }

    /// The files of an input path as `pipeline.config` has it, by name: `?` and `*` stand for any characters.
    public static func files(matching pattern: String) -> [URL] {
        var found = glob_t()
        defer { globfree(&found) }
        guard glob(pattern, GLOB_ERR, nil, &found) == 0 else { return [] }
        return (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0].map { URL(fileURLWithPath: String(cString: $0)) } }
    }
}
