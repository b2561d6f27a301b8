import Basics
import Datasets
import Findings
import Foundation
import LabelMaps

/// Files of ours that lie beside annotations which have no place for what they say: `folds.csv`, `label_map.pbtxt`, `sources.json` and
/// `ontology.json`.
package enum SourceCompanions {
    /// Reads `folds.csv` of the source's folder, where it is there; its faults are problems of the document.
    package static func readFolds(_ source: AnnotationSource, into document: inout AnnotationDocument) {
        let url = folder(of: source).appendingPathComponent(Dataset.foldsFile)
        guard FileManager.default.fileExists(atPath: url.path) else { return }
        do {
            let (folds, problems) = try FoldsFile.rows(url)
            document.folds.merge(folds) { fold, _ in fold }
            document.problems += problems
        } catch {
            document.problems += (error as? DatasetError)?.problems ?? ["\(Dataset.foldsFile): cannot be read"]
        }
    }

    /// Reads `sources.json` and `ontology.json` of the source's folder, where they are there; their faults are problems of the document.
    package static func readSources(_ source: AnnotationSource, into document: inout AnnotationDocument) {
        do {
            let (sources, ontology) = try Dataset.readSources(in: folder(of: source))
            document.sources = sources
            if !ontology.own.isEmpty { document.ontology = ontology }
        } catch {
            document.problems += (error as? DatasetError)?.problems ?? ["\(Dataset.sourcesFile): cannot be read"]
        }
    }

    /// The label map that was given, or `label_map.pbtxt` of the source's folder.
    /// - Throws: `DatasetError` where it is there and is none.
    package static func labelMap(of source: AnnotationSource) throws -> LabelMap? {
        let url = source.labelMap ?? folder(of: source).appendingPathComponent(Dataset.labelMapFile)
        guard source.labelMap != nil || FileManager.default.fileExists(atPath: url.path) else { return nil }
        do {
            return try LabelMap(contentsOf: url)
        } catch {
            throw DatasetError(.malformed, "\(url.lastPathComponent): \((error as? LabelMapError)?.description ?? "cannot be read")")
        }
    }

    /// What is told of a label map: an item that is no class.
    package static func note(of map: LabelMap) -> String? {
        map.background.map { "the label map's item of id 0 ('\($0)') is the background and no finding" }
    }

    /// The same as the document's classes; its faults are problems of the document.
    package static func readLabelMap(_ source: AnnotationSource, into document: inout AnnotationDocument) {
        do {
            guard let map = try labelMap(of: source) else { return }
            document.classes = map.classes
            if let note = note(of: map) { document.notes.append(note) }
        } catch {
            document.problems += (error as? DatasetError)?.problems ?? ["\(Dataset.labelMapFile): cannot be read"]
        }
    }

    package static func writeFolds(_ dataset: Dataset, to folder: URL) throws {
        guard !dataset.folds.isEmpty else { return }
        try write(FoldsFile.text(dataset.folds), to: folder.appendingPathComponent(Dataset.foldsFile))
    }

    package static func writeLabelMap(_ dataset: Dataset, to folder: URL) throws {
        try write(LabelMap(dataset.findingClasses).pbtxt, to: folder.appendingPathComponent(Dataset.labelMapFile))
    }

    private static func folder(of source: AnnotationSource) -> URL {
        source.isFolder ? source.url : source.url.deletingLastPathComponent()
    }

    private static func write(_ text: String, to url: URL) throws {
        let file = try OutputText(url)
        try file.write(text)
        try file.finish()
    }
}
