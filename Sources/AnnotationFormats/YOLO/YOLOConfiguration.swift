import Basics
import Datasets
import Findings
import Foundation
import Interchange
import LabelMaps
import Yams

/// What a YOLO dataset says of itself: the findings by number, and the folders or lists of its parts.
struct YOLOConfiguration {
    struct Part: Sendable {
        /// `nil` where the folder is that of two parts.
        var name: String?
        /// Folders and lists inside the source.
        var paths: [String]
    }

    private(set) var classes: [FindingClass] = []
    /// The findings by class number.
    private(set) var numbers: [Int: String] = [:]
    private(set) var parts: [Part] = []
    /// True where lines have key points behind the box.
    private(set) var hasKeypoints = false
    private(set) var problems: [String] = []

    /// Keys of `data.yaml` that are no part.
    static let otherKeys: Set<String> = [
        "path", "names", "nc", "ids", "download", "kpt_shape", "kpt_names", "flip_idx", "channels", "yaml_file", "roboflow", "colors",
        "author", "description", "license", "version", "task", "date",
    ]
    private static let maximumSize = 4 << 20

    static func isOne(_ yaml: URL) -> Bool {
        let keys = String(decoding: TextDecoding.head(FileHead.bytes(of: yaml)), as: UTF8.self).split(whereSeparator: \.isNewline)
            .compactMap { $0.split(separator: ":", maxSplits: 1).first.map(String.init) }
        return keys.contains("names") && !Set(keys).isDisjoint(with: ["train", "val", "test"])
    }

    /// Texts of a YOLO folder that are labels of no image.
    static func isSpecial(_ file: URL) -> Bool {
        let name = file.lastPathComponent.lowercased()
        return ["classes.txt", "train.txt", "val.txt", "valid.txt", "test.txt", "obj.names", "_darknet.labels"].contains(name)
            || name.hasPrefix("readme") || name.hasPrefix("license")
    }

    static func namesFile(among files: [URL]) -> URL? {
        files.first { ["classes.txt", "obj.names", "_darknet.labels"].contains($0.lastPathComponent) }
            ?? files.first { $0.pathExtension == "names" }
    }

    /// - Throws: `DatasetError` where it cannot be read at all.
    init(_ source: AnnotationSource, _ folder: YOLOFolder) throws {
        let files = folder.paths.compactMap(folder.file)
        if let yaml = try Self.yaml(source, files) {
            try readYAML(source.bytes(of: yaml), source.name(of: yaml), folder, below: Self.folder(of: yaml, in: folder))
        } else if let data = source.isFolder ? files.first(where: { $0.pathExtension == "data" }) : source.url,
            data.pathExtension == "data"
        {
            try readDarknet(source, data, folder)
        } else {
            try readNames(source, Self.namesFile(among: files))
        }
        if let map = source.labelMap {
            // Given by hand, it goes before the names.
            do { classes = try LabelMap(contentsOf: map).classes } catch {
                throw DatasetError(.malformed, "\(map.lastPathComponent): \((error as? LabelMapError)?.description ?? "cannot be read")")
            }
            if numbers.isEmpty { numbers = Dictionary(classes.map { ($0.id - 1, $0.name) }) { first, _ in first } }
        }
        guard !numbers.isEmpty else {
            throw DatasetError(.malformed, problems: problems + ["no names of findings: data.yaml, classes.txt or obj.names has them"])
        }
    }

    private static func yaml(_ source: AnnotationSource, _ files: [URL]) throws -> URL? {
        if !source.isFolder { return ["yaml", "yml"].contains(source.url.pathExtension.lowercased()) ? source.url : nil }
        let all = files.filter { ["yaml", "yml"].contains($0.pathExtension.lowercased()) }
        let found = all.filter(isOne)
        // One that is broken says what is wrong with it.
        let chosen = found.isEmpty ? all.filter { $0.lastPathComponent == "data.yaml" } : found
        if let usual = chosen.first(where: { ["data.yaml", "data.yml", "dataset.yaml"].contains($0.lastPathComponent) }) { return usual }
        guard chosen.count <= 1 else { throw DatasetError(.malformed, "several YAML files name findings; import one of them by its name") }
        return chosen.first
    }

    private static func folder(of file: URL, in folder: YOLOFolder) -> String {
        let path = folder.paths.first { folder.file($0)?.path == file.path } ?? ""
        return (path as NSString).deletingLastPathComponent
    }

    // MARK: Ultralytics

    private mutating func readYAML(_ bytes: Data, _ name: String, _ folder: YOLOFolder, below parent: String) throws {
        let root = try Self.node(bytes, name)
        guard let mapping = root.mapping else { throw DatasetError(.malformed, "\(name): not keys with values") }
        readNames(mapping, name)
        hasKeypoints = mapping["kpt_shape"] != nil
        let base = mapping["path"]?.scalar?.string ?? ""
        var read: [(key: String, paths: [String])] = []
        for (key, value) in mapping {
            guard let key = key.scalar?.string, !Self.otherKeys.contains(key) else { continue }
            let isUsual = ["train", "val", "validation", "test"].contains(key)
            let items = value.sequence.map(Array.init) ?? [value]
            if items.allSatisfy({ $0.scalar.map { $0.string.isEmpty || $0.string == "~" || $0.string == "null" } ?? false }) { continue }
            var paths: [String] = []
            for item in items {
                let path = item.scalar.flatMap { Self.place($0.string, base: base, below: parent, folder) }
                if let path {
                    paths.append(path)
                } else if isUsual {
                    problems.append("\(name): its \"\(key)\" names nothing that is inside the folder")
                }
            }
            // Other keys are parts only where they are places.
            if isUsual || paths.count == items.count, !paths.isEmpty { read.append((key, paths)) }
        }
        // The same folder for training and validation is no split.
        let train = read.first { $0.key == "train" }
        if let train, let twin = read.firstIndex(where: { $0.key == "val" && $0.paths == train.paths }) {
            read.remove(at: twin)
            parts = read.map { Part(name: $0.key == "train" ? nil : $0.key, paths: $0.paths) }
        } else {
            parts = read.map { Part(name: $0.key, paths: $0.paths) }
        }
        if parts.isEmpty, problems.isEmpty { problems.append("\(name): it names no part such as \"train\"") }
    }

    /// - Throws: `DatasetError` for what is no YAML, and for YAML that could grow when it is read.
    private static func node(_ bytes: Data, _ name: String) throws -> Node {
        guard bytes.count <= maximumSize else { throw DatasetError(.malformed, "\(name): more than \(maximumSize >> 20) MiB of YAML") }
        guard let text = TextDecoding.text(bytes) else {
            throw DatasetError(.malformed, "\(name), line \(TextDecoding.faultLine(bytes)): not UTF-8 text")
        }
        // Anchors and aliases make a few lines stand for billions of values; no such file needs them.
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() where line.contains("&") || line.contains("*") {
            if line.range(of: #"(^|[:\-\[,{?])\s*[&*][^\s&*]"#, options: .regularExpression) != nil {
                throw DatasetError(.malformed, "\(name), line \(index + 1): an anchor or alias; such files are not read")
            }
        }
        do {
            guard let node = try Yams.compose(yaml: text) else { throw DatasetError(.malformed, "\(name): the file is empty") }
            return node
        } catch let error as DatasetError {
            throw error
        } catch YamlError.scanner(_, _, let mark, _), YamlError.parser(_, _, let mark, _), YamlError.composer(_, _, let mark, _) {
            throw DatasetError(.malformed, "\(name), line \(mark.line): not YAML")
        } catch {
            throw DatasetError(.malformed, "\(name): not YAML")
        }
    }

    private mutating func readNames(_ mapping: Node.Mapping, _ name: String) {
        var found: [(number: Int, name: String)] = []
        if let list = mapping["names"]?.sequence {
            for (index, item) in list.enumerated() {
                guard let text = item.scalar?.string else {
                    problems.append("\(name): name \(index + 1) is not a text")
                    continue
                }
                found.append((index, text))
            }
        } else if let map = mapping["names"]?.mapping {
            for (index, pair) in map.enumerated() {
                guard let text = pair.value.scalar?.string, let number = pair.key.scalar.flatMap({ Int($0.string) }), number >= 0,
                    number < Int(Int32.max)
                else {
                    problems.append("\(name): name \(index + 1) is not a class number from 0 and a text")
                    continue
                }
                found.append((number, text))
            }
            found.sort { $0.number < $1.number }
        } else {
            problems.append("\(name): its \"names\" is not a list or a map of names")
            return
        }
        if let count = mapping["nc"]?.scalar.flatMap({ Int($0.string) }), count != found.count, problems.isEmpty {
            problems.append("\(name): its \"nc\" is not the number of names")
        }
        var ids: [Int]?
        if let list = mapping["ids"]?.sequence {
            ids = list.compactMap { $0.scalar.flatMap { Int($0.string) } }.filter { (1...Int(Int32.max)).contains($0) }
            if ids?.count != found.count || Set(ids ?? []).count != found.count {
                problems.append("\(name): its \"ids\" are not an id from 1 for each name")
                ids = nil
            }
        }
        take(found, ids: ids, name)
    }

    private mutating func take(_ found: [(number: Int, name: String)], ids: [Int]?, _ name: String) {
        var known: Set<String> = []
        for (index, item) in found.enumerated() {
            let label = item.name.trimmingCharacters(in: .whitespaces)
            if label.isEmpty {
                problems.append("\(name): name \(index + 1) is empty")
            } else if !known.insert(label).inserted {
                problems.append("\(name): name \(index + 1) occurs twice")
            } else {
                numbers[item.number] = label
                classes.append(FindingClass(id: ids?[index] ?? item.number + 1, name: label))
            }
        }
    }

    /// A folder or a list inside the source. Paths count from `path`, or from the YAML file's own folder; Roboflow writes `../train/images`
    /// for what lies below it, and the file may have been made on another machine.
    private static func place(_ text: String, base: String, below parent: String, _ folder: YOLOFolder) -> String? {
        var candidates: [String?] = []
        if let base = YOLOFolder.resolved(base, in: parent) { candidates.append(YOLOFolder.resolved(text, in: base)) }
        candidates.append(YOLOFolder.resolved(text, in: parent))
        if text.hasPrefix("../") { candidates.append(YOLOFolder.resolved(String(text.dropFirst(3)), in: parent)) }
        let steps = text.split(separator: "/").filter { $0 != "." && $0 != ".." }
        candidates += steps.indices.dropFirst().map { steps[$0...].joined(separator: "/") }
        return candidates.compactMap { $0 }.first { folder.isFolder($0) || ($0.hasSuffix(".txt") && folder.file($0) != nil) }
    }

    // MARK: darknet and labelImg

    private mutating func readDarknet(_ source: AnnotationSource, _ data: URL, _ folder: YOLOFolder) throws {
        let name = source.name(of: data)
        guard let text = TextDecoding.text(try source.bytes(of: data)) else {
            throw DatasetError(.malformed, "\(name): not UTF-8 text")
        }
        let parent = Self.folder(of: data, in: folder)
        var named: URL?
        for line in text.split(whereSeparator: \.isNewline) {
            let pair = line.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            guard pair.count == 2, ["train", "valid", "test", "names"].contains(pair[0]), !pair[1].isEmpty else { continue }
            let tails = pair[1].split(separator: "/").indices.map { pair[1].split(separator: "/")[$0...].joined(separator: "/") }
            let path = ([pair[1]] + tails).compactMap { YOLOFolder.resolved($0, in: parent) }.first { folder.file($0) != nil }
            guard let path else {
                problems.append("\(name): its \"\(pair[0])\" names nothing that is inside the folder")
                continue
            }
            if pair[0] == "names" { named = folder.file(path) } else { parts.append(Part(name: pair[0], paths: [path])) }
        }
        // The same list for training and validation is no split.
        if let train = parts.first(where: { $0.name == "train" }), parts.contains(where: { $0.name == "valid" && $0.paths == train.paths })
        {
            parts = [Part(name: nil, paths: train.paths)]
        }
        try readNames(source, named ?? Self.namesFile(among: folder.paths.compactMap(folder.file)))
    }

    /// A name a line.
    private mutating func readNames(_ source: AnnotationSource, _ file: URL?) throws {
        guard let file else { return }
        let name = source.name(of: file)
        guard let text = TextDecoding.text(try source.bytes(of: file)) else {
            throw DatasetError(.malformed, "\(name): not UTF-8 text")
        }
        var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
        while lines.last?.trimmingCharacters(in: .whitespaces).isEmpty == true { lines.removeLast() }
        take(lines.enumerated().map { ($0, $1) }, ids: nil, name)
    }
}
