import Basics
import Foundation
import TrainingExamples
import Yams

/// A training's configuration as YAML: keys in snake_case, every one of them optional, over those of a preset or the defaults.
///
/// `extends: retina-resnet18` names the preset that the file changes, or another file, from the folder of this one.
public struct ConfigurationFile: Sendable {
    private static let baseKey = "extends"
    /// Parts that have a shape of their own and are taken whole.
    private static let wholeParts: Set<String> = ["schedule.exact"]
    /// Of a file; all settings have four thousand.
    private static let mostBytes = 1_000_000
    /// Values of a file, those that an alias repeats counted each time: a few lines of aliases of aliases could be a billion.
    private static let mostValues = 10_000

    /// Reads a file or a preset.
    /// - Parameters:
    ///   - nameOrPath: A preset's name, or a file.
    ///   - settings: `key=value` over it, the key as `loop.batch_size`.
    /// - Throws: `TrainingError` with one line: the file, the key, the nearest known key.
    public static func read(_ nameOrPath: String, settings: [String] = []) throws -> TrainingConfiguration {
        if let preset = Preset.named(nameOrPath) {
            // As a file of one line, so that it has the preset's name.
            return try configuration(text: "extends: \(preset.name)", file: preset.name, settings: settings)
        }
        let url = URL(fileURLWithPath: nameOrPath)
        guard let text = try text(at: url) else {
            let names = Preset.all.map(\.name)
            let near = nameOrPath.nearest(among: names).map { "; the nearest preset is \($0)" } ?? ""
            throw TrainingError(.missing, "\(nameOrPath) is neither a file nor a preset (\(names.joined(separator: ", ")))\(near)")
        }
        return try configuration(text: text, file: url.lastPathComponent, folder: url.deletingLastPathComponent(), settings: settings)
    }

    /// What a file says, or nothing where there is none.
    /// - Throws: `TrainingError` where it is no text, or far larger than any configuration.
    private static func text(at url: URL) throws -> String? {
        let name = url.lastPathComponent
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: url.resolvingSymlinksInPath().path) else { return nil }
        guard attributes[.type] as? FileAttributeType == .typeRegular else {
            throw TrainingError(.configuration, "\(name) is no file; a configuration is a preset or a file of YAML")
        }
        let size = (attributes[.size] as? NSNumber)?.intValue ?? 0
        guard size <= Self.mostBytes else {
            throw TrainingError(.configuration, "\(name) has \(size) bytes; a configuration has at most \(Self.mostBytes)")
        }
        guard let bytes = try? Data(contentsOf: url) else { throw TrainingError(.missing, "\(name) cannot be opened") }
        // Editors of other systems put a mark before UTF-8.
        guard let text = String(data: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes, encoding: .utf8) else {
            throw TrainingError(.configuration, "\(name) is no text in UTF-8")
        }
        return text
    }

    /// - Parameter folder: Of the file, from which another one that it extends is looked for.
    /// - Throws: `TrainingError`.
    package static func configuration(
        text: String, file: String, folder: URL? = nil, settings: [String] = []
    ) throws -> TrainingConfiguration {
        var tree = try node(of: TrainingConfiguration(name: Preset.defaultName))
        let layers = try layers(text, file: file, folder: folder)
        for layer in layers { tree = try merged(tree, layer, path: [], file: file) }
        for setting in settings { tree = try merged(tree, Self.tree(of: setting), path: [], file: "--set") }
        do {
            return try YAMLDecoder().decode(TrainingConfiguration.self, from: Yams.serialize(node: camelCased(tree)))
        } catch let error as DecodingError {
            throw TrainingError(.configuration, "\(file): \(Self.reason(error, in: tree))")
        }
    }

    /// Tells a file that a run wrote from one that a person did.
    package static let firstLine = "# Every setting of a training with Pleura; research use only."

    /// All settings of a configuration, as a run folder keeps them.
    public static func text(of configuration: TrainingConfiguration) throws -> String {
        try firstLine + "\n" + Yams.serialize(node: plain(node(of: configuration)))
    }

    /// Every setting by its whole key, such as `loop.batch_size`, as it is written.
    package static func leaves(of configuration: TrainingConfiguration) throws -> [String: String] {
        var leaves: [String: String] = [:]
        func collect(_ node: Node, _ path: [String]) throws {
            guard case .mapping(let mapping) = node else {
                let text = try Yams.serialize(node: node).trimmingCharacters(in: .whitespacesAndNewlines)
                // Lists on one line.
                leaves[path.joined(separator: ".")] = text.split(separator: "\n").joined(separator: " ")
                return
            }
            for (key, value) in mapping { try collect(value, path + [key.string ?? ""]) }
        }
        try collect(plain(node(of: configuration)), [])
        return leaves
    }

    private static func node(of configuration: TrainingConfiguration) throws -> Node {
        guard let node = try Yams.compose(yaml: YAMLEncoder().encode(configuration)) else {
            throw TrainingError(.configuration, "the configuration cannot be written")
        }
        return renamed(node, snakeCased)
    }

    /// Numbers as people write them: 0.5, not 5e-1.
    private static func plain(_ node: Node) -> Node {
        switch node {
        case .mapping(let mapping): return .mapping(Node.Mapping(mapping.map { ($0, plain($1)) }))
        case .sequence(let sequence): return .sequence(Node.Sequence(sequence.map(plain)))
        case .scalar(let scalar):
            guard scalar.string.contains("e"), let number = Double(scalar.string), number.isFinite else { return node }
            return .scalar(Node.Scalar(number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"))
        default: return node
        }
    }

    private static func layer(_ text: String, file: String) throws -> Node {
        do {
            let node = try Yams.compose(yaml: text) ?? Node.mapping([:])
            guard node.mapping != nil else { throw TrainingError(.configuration, "\(file): not a mapping of keys to values") }
            var left = mostValues
            guard hasFewValues(node, &left) else {
                throw TrainingError(.configuration, "\(file): more than \(mostValues) values, aliases counted each time")
            }
            return node
        } catch let error as TrainingError {
            throw error
        } catch {
            let lines = String(describing: error).split(separator: "\n").map(String.init)
            throw TrainingError(.configuration, "\(file): \(lines.first ?? "not YAML")")
        }
    }

    /// - Parameter left: Values that there may be.
    private static func hasFewValues(_ node: Node, _ left: inout Int) -> Bool {
        left -= 1
        guard left >= 0 else { return false }
        switch node {
        case .mapping(let mapping): return mapping.allSatisfy { hasFewValues($0.key, &left) && hasFewValues($0.value, &left) }
        case .sequence(let sequence): return sequence.allSatisfy { hasFewValues($0, &left) }
        default: return true
        }
    }

    /// A preset's tree; its model is called as the preset where it has no other name.
    private static func layer(_ preset: Preset) throws -> Node {
        var node = try layer(preset.text, file: preset.name)
        if case .mapping(var mapping) = node, mapping[Node("name")] == nil {
            mapping[Node("name")] = Node(preset.name)
            node = .mapping(mapping)
        }
        return node
    }

    /// A file's tree, under which come those of what it extends: the most general first.
    private static func layers(_ text: String, file: String, folder: URL?) throws -> [Node] {
        var layers = try [layer(text, file: file)]
        var (file, folder) = (file, folder)
        var seen: Set<String> = []
        while let base = layers[0].mapping?[baseKey]?.string {
            let other = URL(fileURLWithPath: base, relativeTo: folder).standardizedFileURL
            if let preset = Preset.named(base) {
                // A preset may extend another, but none itself.
                guard seen.insert(preset.name).inserted else { throw TrainingError(.configuration, "\(file): extends itself") }
                layers.insert(try layer(preset), at: 0)
                (file, folder) = (preset.name, nil)
            } else if folder != nil, let text = try self.text(at: other) {
                guard seen.insert(other.path).inserted else { throw TrainingError(.configuration, "\(file): extends itself") }
                layers.insert(try layer(text, file: other.lastPathComponent), at: 0)
                (file, folder) = (other.lastPathComponent, other.deletingLastPathComponent())
            } else {
                let near = base.nearest(among: Preset.all.map(\.name)).map { "; the nearest preset is \($0)" } ?? ""
                throw TrainingError(.configuration, "\(file): extends \(base), which is neither a preset nor a file\(near)")
            }
        }
        return layers
    }

    /// `loop.batch_size=8` as a tree.
    private static func tree(of setting: String) throws -> Node {
        let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let value = try? Yams.compose(yaml: String(parts[1])) else {
            throw TrainingError(.configuration, "--set takes key=value, such as loop.batch_size=8, not \(setting)")
        }
        return parts[0].split(separator: ".", omittingEmptySubsequences: false).reversed().reduce(value) { inner, key in
            Node.mapping(Node.Mapping([(Node.scalar(.init(String(key))), inner)]))
        }
    }

    /// The values of `over` in place of those of `base`.
    private static func merged(_ base: Node, _ over: Node, path: [String], file: String) throws -> Node {
        let place = path.joined(separator: ".")
        guard !wholeParts.contains(place), case .mapping(var mapping) = base else { return over }
        guard case .mapping(let changes) = over else {
            throw TrainingError(.configuration, "\(file): \(place) has keys of its own: \(names(mapping).joined(separator: ", "))")
        }
        for (key, value) in changes {
            let name = key.string ?? ""
            if path.isEmpty, name == baseKey { continue }
            let inner = path + [name]
            guard let known = mapping[key] else {
                if wholeParts.contains(inner.joined(separator: ".")) {
                    mapping[key] = value
                    continue
                }
                let near = name.nearest(among: names(mapping)).map {
                    "; the nearest known is \((path + [$0]).joined(separator: "."))"
                }
                throw TrainingError(.configuration, "\(file): unknown key \(inner.joined(separator: "."))\(near ?? "")")
            }
            mapping[key] = try merged(known, value, path: inner, file: file)
        }
        return .mapping(mapping)
    }

    private static func names(_ mapping: Node.Mapping) -> [String] { mapping.keys.compactMap(\.string) }

    private static func camelCased(_ node: Node) -> Node { renamed(node, camelCased) }

    /// Every key of mappings within mappings; lists hold values with names of their own.
    private static func renamed(_ node: Node, _ rename: (String) -> String) -> Node {
        guard case .mapping(let mapping) = node else { return node }
        let pairs = mapping.map { key, value in (key.string.map { Node.scalar(.init(rename($0))) } ?? key, renamed(value, rename)) }
        return .mapping(Node.Mapping(pairs))
    }

    static func snakeCased(_ name: String) -> String {
        name.reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
    }

    private static func camelCased(_ name: String) -> String {
        let parts = name.split(separator: "_", omittingEmptySubsequences: false)
        return parts.prefix(1).joined() + parts.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }
}
