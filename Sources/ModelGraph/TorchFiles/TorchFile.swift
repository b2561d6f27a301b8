import Foundation

/// The tensors of a `.pth` or `.pt` file as PyTorch's `torch.save` writes them: a zip archive of a pickle and a file for each storage, or
/// (before PyTorch 1.6) pickles one after another with the storages behind them. Nothing of the file is run.
public struct TorchFile {
    /// By dotted name; the numbers as 32-bit floats. Entries that are no tensors of numbers are not here.
    public let arrays: [String: NumericArray]

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
        if bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
            let archive = try StoredZip(bytes)
            guard let name = archive.names.first(where: { $0 == "data.pkl" || $0.hasSuffix("/data.pkl") }) else {
                throw ModelGraphError(.damaged, "a zip archive without PyTorch's data.pkl")
            }
            var reader = PickleReader(try archive.content(name))
            root = try reader.read()
            storages = ZipStorages(archive: archive, prefix: String(name.dropLast("data.pkl".count)))
        } else {
            var reader = PickleReader(bytes)
            guard try reader.read().integer == LegacyStorages.magic else {
                throw ModelGraphError(.damaged, "neither a zip archive nor PyTorch's older format")
            }
            _ = try reader.read()
            _ = try reader.read()
            root = try reader.read()
            storages = try LegacyStorages(bytes, keys: try reader.read(), root: root, start: reader.position)
        }
        var arrays: [String: NumericArray] = [:]
        try Self.collect(root, prefix: "", storages: storages, depth: 0, into: &arrays)
        guard !arrays.isEmpty else { throw ModelGraphError(.missing, "the file holds no tensor") }
        self.arrays = arrays
    }

    /// Tensors of nested dictionaries: a training's checkpoint keeps its weights in one, such as `state_dict`.
    private static func collect(
        _ value: PickleValue, prefix: String, storages: any TorchStorages, depth: Int, into arrays: inout [String: NumericArray]
    ) throws {
        if let tensor = TorchTensor(value) {
            if let array = try tensor.array(storages) { arrays[prefix] = array }
        } else if let entries = value.entries, depth < 8 {
            for (key, value) in entries {
                guard let name = key.text else { continue }
                try collect(value, prefix: prefix.isEmpty ? name : "\(prefix).\(name)", storages: storages, depth: depth + 1, into: &arrays)
            }
        }
    }
}
