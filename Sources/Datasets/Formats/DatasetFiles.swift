import Findings
import Foundation

/// The files of a Pleura dataset directory that may lie beside other annotations too.
enum DatasetFiles {
    private static func file(_ name: String, of source: AnnotationSource) -> URL? {
        let folder = source.isFolder ? source.url : source.url.deletingLastPathComponent()
        let file = folder.appendingPathComponent(name)
        return FileManager.default.fileExists(atPath: file.path) ? file : nil
    }

    /// The label map that was given, or the one beside the annotations.
    /// - Throws: `DatasetError` where it is there and is none.
    static func labelMap(of source: AnnotationSource) throws -> LabelMap? {
        guard let url = source.labelMap ?? file(Dataset.labelMapFile, of: source) else { return nil }
        do {
            return try LabelMap(contentsOf: url)
        } catch {
            throw DatasetError(.malformed, "\(url.lastPathComponent): \((error as? FindingsError)?.description ?? "cannot be read")")
        }
    }

    static func readFolds(of source: AnnotationSource, into document: inout AnnotationDocument) {
        guard let url = file(Dataset.foldsFile, of: source) else { return }
        do {
            document.folds.merge(try FoldsFile.read(url)) { fold, _ in fold }
        } catch {
            document.problems += (error as? DatasetError)?.problems ?? ["\(Dataset.foldsFile): cannot be read"]
        }
    }
}
