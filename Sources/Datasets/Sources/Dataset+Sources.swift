import Foundation
import Geometry

extension Dataset {
    /// The sources and the ontology of a dataset's directory: none and the standard one where it has no such file.
    /// - Throws: `DatasetError` with everything that is wrong with either file.
    package static func readSources(in directory: URL) throws -> (sources: [DataSource], ontology: FindingOntology) {
        let sources = try content(of: sourcesFile, in: directory).map { try SourcesFile(json: $0, file: sourcesFile).sources }
        let ontology = try content(of: ontologyFile, in: directory).map { try FindingOntology(json: $0, file: ontologyFile) }
        return (sources ?? [], ontology ?? .standard)
    }

    private static func content(of name: String, in directory: URL) throws -> Data? {
        let url = directory.appendingPathComponent(name)
        guard FileManager.default.fileExists(atPath: url.path) else { return nil }
        guard let bytes = try? Data(contentsOf: url) else { throw DatasetError(.missing, "\(name) cannot be opened") }
        return bytes
    }

    /// Writes `sources.json` and, where the dataset has an ontology of its own, `ontology.json`; nothing where there is neither.
    package func writeSources(to directory: URL) throws {
        if !sources.isEmpty {
            try SourcesFile(sources: sources).json.write(to: directory.appendingPathComponent(Self.sourcesFile), options: .atomic)
        }
        guard !ontology.own.isEmpty else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(["findings": ontology.own])
            .write(to: directory.appendingPathComponent(Self.ontologyFile), options: .atomic)
    }

    /// What the sources say, for `canonicalBytes`.
    package var sourceLines: [String] {
        func list(_ names: [String]) -> String { names.sorted().joined(separator: "|") }
        let sources = sources.sorted { $0.name < $1.name }.map {
            "source\t\($0.name)\t\(list($0.boxed))\t\(list($0.labelled))\t\(list($0.complete))"
        }
        return sources
            + ontology.own.map { "ontology\t\($0.name)\t\(list($0.synonyms ?? []))\t\(list($0.parents ?? []))" }.sorted()
    }

    /// What they say of one image.
    package static func sourceLines(of image: DatasetImage) -> [String] {
        let labels = image.labels.map { $0.sorted().joined(separator: "|") } ?? "-"
        return ["sources\t\(image.sources.sorted().joined(separator: "|"))", "labels\t\(labels)"]
            + image.boxes.compactMap { box in box.reader.map { "reader\t\(box.classID)\t\(box.box.x)\t\(box.box.y)\t\($0)" } }.sorted()
            + image.unknown.map { "unknown\t\($0.classID)\t\($0.box.x)\t\($0.box.y)\t\($0.box.width)\t\($0.box.height)" }.sorted()
            + image.absent.map { "absent\t\($0.classID)\t\($0.box.x)\t\($0.box.y)\t\($0.box.width)\t\($0.box.height)" }.sorted()
    }
}
