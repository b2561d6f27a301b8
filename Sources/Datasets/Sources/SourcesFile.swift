import Basics
import Findings
import Foundation

/// `sources.json`: an object with `sources`, a list of objects with `name`, `readers`, `boxed`, `labelled`, `complete` (a list, or true for
/// all that it boxes and labels), `tables` and `normals`; and, for an import, `findings`, the label map in its order.
public struct SourcesFile: Hashable, Sendable {
    /// The findings of a dataset to be imported, in the order of their ids from 1; `nil` where the file does not say.
    public var findings: [String]?
    public var sources: [DataSource]
    /// What findings are called; the standard one unless a file of its own is given.
    public var ontology = FindingOntology.standard

    public init(findings: [String]? = nil, sources: [DataSource]) { (self.findings, self.sources) = (findings, sources) }

    private static let keys: Set<String> = ["sources", "findings"]
    private static let sourceKeys: Set<String> = ["name", "readers", "boxed", "labelled", "complete", "tables", "normals"]

    /// - Parameter file: The file's name, for messages.
    /// - Throws: `DatasetError` with everything that is wrong: the file, the source, the key, the reason.
    public init(json: Data, file: String) throws {
        guard let object = try? JSONSerialization.jsonObject(with: json) as? [String: Any], let list = object["sources"] as? [Any] else {
            throw DatasetError(.malformed, "\(file) is not an object with a list \"sources\"")
        }
        var (problems, sources) = (ProblemList(), [DataSource]())
        Self.refuseKeys(of: object, but: Self.keys, file, &problems)
        let findings = object["findings"].map { Self.names($0, "\(file), findings", &problems) }
        for (index, entry) in list.enumerated() {
            let place = "\(file), source \(index + 1)"
            guard let entry = entry as? [String: Any] else {
                problems.append("\(place) is not an object")
                continue
            }
            guard let source = Self.source(entry, place, &problems) else { continue }
            if sources.contains(where: { $0.name == source.name }) { problems.append("\(place): \"\(source.name)\" is there twice") }
            sources.append(source)
        }
        if list.isEmpty { problems.append("\(file): it lists no source; without the file every box counts as today") }
        guard problems.isEmpty else { throw DatasetError(.malformed, problems: problems) }
        (self.findings, self.sources) = (findings, sources)
    }

    private static func source(_ entry: [String: Any], _ place: String, _ problems: inout ProblemList) -> DataSource? {
        refuseKeys(of: entry, but: sourceKeys, place, &problems)
        guard let name = entry["name"] as? String, !name.trimmingCharacters(in: .whitespaces).isEmpty else {
            problems.append("\(place): it has no name")
            return nil
        }
        // Names stand side by side in an image's attribute.
        guard !name.contains("|"), !name.contains(where: \.isNewline) else {
            problems.append("\(place): a name must have neither | nor line ends")
            return nil
        }
        let place = "\(place) (\(name))"
        var source = DataSource(name: name)
        if let readers = entry["readers"] {
            source.readers = readers as? String
            if source.readers == nil { problems.append("\(place): readers is not a text") }
        }
        func list(_ key: String) -> [String] { entry[key].map { names($0, "\(place), \(key)", &problems) } ?? [] }
        (source.boxed, source.labelled, source.tables) = (list("boxed"), list("labelled"), list("tables"))
        if let complete = entry["complete"] as? Bool {
            source.complete = complete ? source.boxed + source.labelled.filter { !source.boxed.contains($0) } : []
        } else {
            source.complete = list("complete")
        }
        if let normals = entry["normals"] {
            source.isNormals = normals as? Bool ?? false
            if !(normals is Bool) { problems.append("\(place): normals is neither true nor false") }
        }
        return source
    }

    /// A key that nobody reads would be a finding silently unknown.
    private static func refuseKeys(of object: [String: Any], but known: Set<String>, _ place: String, _ problems: inout ProblemList) {
        for key in object.keys.sorted() where !known.contains(key) {
            let near = key.nearest(among: known.sorted()).map { "; the nearest is \"\($0)\"" } ?? ""
            problems.append("\(place): the key \"\(key)\" is not known\(near)")
        }
    }

    private static func names(_ value: Any, _ place: String, _ problems: inout ProblemList) -> [String] {
        guard let names = value as? [String], names.allSatisfy({ !$0.isEmpty }) else {
            problems.append("\(place) is not a list of names")
            return []
        }
        if Set(names).count < names.count { problems.append("\(place): a name is there twice") }
        return names
    }

    /// Indented, with sorted keys; equal sources give equal bytes.
    public var json: Data {
        struct Document: Encodable {
            struct Source: Encodable {
                var name: String
                var readers: String?
                var boxed: [String]
                var labelled: [String]
                var complete: [String]
                var tables: [String]?
                var normals: Bool?
            }
            var findings: [String]?
            var sources: [Source]
        }
        let document = Document(
            findings: findings,
            sources: sources.map {
                Document.Source(
                    name: $0.name, readers: $0.readers, boxed: $0.boxed, labelled: $0.labelled, complete: $0.complete,
                    tables: $0.tables.isEmpty ? nil : $0.tables, normals: $0.isNormals ? true : nil)
            })
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        // Texts and lists of texts always encode.
        return ((try? encoder.encode(document)) ?? Data()) + Data("\n".utf8)
    }
}

extension SourcesFile {
    /// The label map of a dataset to be imported: one that was given, or that of `findings`.
    /// - Throws: `DatasetError` where there is neither; `LabelMapError`.
    package func labelMap(or given: LabelMap?) throws -> LabelMap {
        if let given { return given }
        guard let findings else {
            throw DatasetError(
                .missing, "the sources name no \"findings\", and no label map is given: which findings the dataset has is not known")
        }
        return try LabelMap(findings.enumerated().map { FindingClass(id: $0 + 1, name: $1) })
    }

    /// The files that are carried inside the program, by name.
    public static let carried = ["nih14": PackageResources.nih14_json]

    /// A carried file by its name, or a file.
    /// - Throws: `DatasetError`.
    public init(named nameOrPath: String) throws {
        if let bytes = Self.carried[nameOrPath] {
            try self.init(json: Data(bytes), file: nameOrPath)
            return
        }
        guard let bytes = try? Data(contentsOf: URL(fileURLWithPath: nameOrPath)) else {
            let names = Self.carried.keys.sorted()
            throw DatasetError(.missing, "\(nameOrPath) is neither a file that can be opened nor one of \(names.joined(separator: ", "))")
        }
        try self.init(json: bytes, file: URL(fileURLWithPath: nameOrPath).lastPathComponent)
    }
}
