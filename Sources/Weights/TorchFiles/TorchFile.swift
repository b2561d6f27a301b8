import Foundation
import ModelGraph

/// The tensors of a `.pth` or `.pt` file as PyTorch's `torch.save` writes them: a zip archive of a pickle and a file for each storage, or
/// (before PyTorch 1.6) pickles one after another with the storages behind them. Nothing of the file is run.
public struct TorchFile {
    /// By dotted name; the numbers as 32-bit floats. A whole module's tensors have the names of its `state_dict`.
    public let arrays: [String: NumericArray]
    /// Names of tensors that hold something else than plain numbers (complex, quantised, sparse ones), sorted.
    public let unreadable: [String]
    /// Those of `arrays` that hold whole numbers or truth values: counters, indices, or quantised weights without their scale.
    public let integers: Set<String>

    /// - Throws: `ModelGraphError`.
    public init(contentsOf url: URL) throws {
        guard let bytes = try? Data(contentsOf: url, options: .mappedIfSafe) else {
            throw ModelGraphError(.missing, "the weights cannot be opened")
        }
        try self.init(bytes)
    }

    public init(_ bytes: Data) throws {
        let storages: any TorchStorages
        let root: PickleValue
        let arena: PickleArena
        if ZipArchive.recognises(bytes) {
            let archive = try ZipArchive(bytes, limit: TorchCollector.room(bytes.count))
            guard let name = archive.names.first(where: { $0 == "data.pkl" || $0.hasSuffix("/data.pkl") }) else {
                throw ModelGraphError(.damaged, "a zip archive without PyTorch's data.pkl")
            }
            let prefix = String(name.dropLast("data.pkl".count))
            if archive.names.contains(prefix + "byteorder"), try archive.content(prefix + "byteorder") == Data("big".utf8) {
                throw ModelGraphError(.unsupported, "the file was written on a big-endian machine")
            }
            var reader = PickleReader(try archive.content(name))
            root = try reader.read()
            arena = reader.arena
            storages = ZipStorages(archive: archive, prefix: prefix)
        } else {
            var reader = PickleReader(bytes)
            guard try reader.read().integer == LegacyStorages.magic else {
                throw ModelGraphError(.damaged, "neither a zip archive nor PyTorch's older format")
            }
            _ = try reader.read()
            _ = try reader.read()
            root = try reader.read()
            let keys = try reader.read()
            arena = reader.arena
            storages = try LegacyStorages(bytes, keys: keys, references: reader.outsides, start: reader.position)
        }
        var collector = TorchCollector(storages: storages, limit: bytes.count)
        try withExtendedLifetime(arena) { try collector.collect(root, prefix: "") }
        guard !collector.arrays.isEmpty else { throw ModelGraphError(.missing, "the file holds no tensor") }
        arrays = collector.arrays
        unreadable = collector.unreadable.sorted()
        integers = collector.integers
    }
}

/// Gathers the tensors of nested dictionaries, lists and modules: a training's checkpoint keeps its weights in one, such as `state_dict`.
private struct TorchCollector {
    let storages: any TorchStorages
    /// Bytes of the file. Tensors can share a storage, but not so often that the numbers outgrow the file many times.
    let limit: Int
    var arrays: [String: NumericArray] = [:]
    var unreadable: [String] = []
    var integers: Set<String> = []
    private var numbers = 0
    private var visits = 0

    /// Bytes that may come out of a file of so many: PyTorch compresses nothing, so what grows far more than that is a bomb.
    static func room(_ bytes: Int) -> Int { min(bytes, 1 << 56) * 64 }

    init(storages: any TorchStorages, limit: Int) {
        self.storages = storages
        self.limit = limit
    }

    mutating func collect(_ value: PickleValue, prefix: String, depth: Int = 0) throws {
        visits += 1
        guard visits <= 1_000_000 else { throw ModelGraphError(.damaged, "the file holds more than a million entries") }
        try TensorName.check(prefix)
        if let tensor = TorchTensor(value) { return try add(tensor, name: prefix) }
        // A file can hold itself.
        guard depth < 64 else { return }
        func collectEntries(_ entries: [(key: PickleValue, value: PickleValue)], prefix: String) throws {
            for entry in entries {
                if let name = entry.key.keyText { try collect(entry.value, prefix: Self.joined(prefix, name), depth: depth + 1) }
            }
        }
        func collectList(_ values: [PickleValue]) throws {
            for (index, value) in values.enumerated() { try collect(value, prefix: Self.joined(prefix, "\(index)"), depth: depth + 1) }
        }
        switch value {
        case .dictionary(let dictionary): try collectEntries(dictionary.entries, prefix: prefix)
        case .list(let list): try collectList(list.values)
        case .tuple(let values, _): try collectList(values)
        case .call(let object):
            try collectEntries(object.dictionary.entries, prefix: prefix)
            try collectList(object.list.values)
            for entry in object.state?.entries ?? [] {
                // What a module keeps its own tensors and its parts in; a state_dict's names leave them out.
                let isTransparent = ["_parameters", "_buffers", "_modules"].contains(entry.key.text)
                if isTransparent, let entries = entry.value.entries {
                    try collectEntries(entries, prefix: prefix)
                } else if let name = entry.key.keyText {
                    try collect(entry.value, prefix: Self.joined(prefix, name), depth: depth + 1)
                }
            }
        default: break
        }
    }

    private mutating func add(_ tensor: TorchTensor, name: String) throws {
        guard let array = try tensor.view?.array(storages) else { return unreadable.append(name) }
        numbers += array.values.count
        guard numbers <= Self.room(limit) / 4 else {
            throw ModelGraphError(.damaged, "the file's tensors hold more numbers than it has room for")
        }
        arrays[name] = array
        if tensor.view?.storage.element?.isWhole == true { integers.insert(name) } else { integers.remove(name) }
    }

    private static func joined(_ prefix: String, _ name: String) -> String { prefix.isEmpty ? name : "\(prefix).\(name)" }
}
