import Foundation
import ModelGraph
import Weights

/// Weights to start a training from, out of any file that holds some: PyTorch's `.pth`, safetensors of others or of our own runs, a frozen
/// TensorFlow graph, or the network of a bundle of ours. What the file is, is told by its content.
public struct StartingWeights {
    public let kind: WeightFileKind
    /// By the file's names; of a TensorFlow graph in PyTorch's layouts.
    public let arrays: [String: NumericArray]
    /// Tensors of the file that hold no real numbers (whole, complex, quantised or sparse ones), by name.
    public let unreadable: [String]
    /// The file, for people.
    public let name: String
    /// As a run of ours writes it beside its weights.
    public let architecture: String?

    /// - Throws: `ModelGraphError`: the file cannot be opened, is damaged, or is no file of weights that is read; the reason says what it
    ///   is where that can be told.
    public init(contentsOf url: URL) throws {
        let name = url.lastPathComponent
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
            throw ModelGraphError(.notFound, "there is no file \(name)")
        }
        guard !isFolder.boolValue else { throw ModelGraphError(.unsupported, "\(name) is a folder; name the file with the weights in it") }
        do {
            // Not a pipe, which would be waited for without end.
            let type = try FileManager.default.attributesOfItem(atPath: url.resolvingSymlinksInPath().path)[.type] as? FileAttributeType
            guard type == .typeRegular, let bytes = try? Data(contentsOf: url, options: .mappedIfSafe) else {
                throw ModelGraphError(.unreadable, "it cannot be opened")
            }
            switch try WeightFileKind(bytes) {
            case .torch:
                let file = try TorchFile(bytes)
                self.init(.torch, file.arrays, integers: file.integers, unreadable: file.unreadable, name: name)
            case .safetensors:
                let file = try WeightFile(contentsOf: url)
                self.init(
                    .safetensors, file.arrays, integers: file.integers, name: name, architecture: file.metadata["architecture"])
            case .frozenGraph: self.init(try FrozenTensorFlowGraph(bytes: bytes), name: name)
            case .bundleNetwork: self.init(.bundleNetwork, try ONNXModel(bytes: bytes).unfoldedWeights(), name: name)
            }
        } catch let error as ModelGraphError {
            throw ModelGraphError(error.code, error.reason.hasPrefix(name) ? error.reason : "\(name): \(error.reason)")
        }
    }

    /// - Parameter name: What people know the graph by.
    public init(_ graph: FrozenTensorFlowGraph, name: String) { self.init(.frozenGraph, graph.layerArrays, name: name) }

    /// - Parameter integers: Tensors of whole numbers. But for counters of batches they are no weights: those of a network that was
    ///   quantised are of no worth without their scales.
    private init(
        _ kind: WeightFileKind, _ arrays: [String: NumericArray], integers: Set<String> = [], unreadable: [String] = [], name: String,
        architecture: String? = nil
    ) {
        let strange = integers.filter { !$0.hasSuffix("num_batches_tracked") }
        self.kind = kind
        self.arrays = arrays.filter { !strange.contains($0.key) }
        self.unreadable = (unreadable + strange).sorted()
        self.name = name
        self.architecture = architecture
    }

    /// The file that a person means by the name of known weights (which `pleura model fetch` lists) or by a path.
    /// - Throws: `ModelGraphError` of code `notFound`, with the command that fetches known weights.
    public static func find(_ nameOrPath: String) throws -> URL { try WeightStore.standard.find(nameOrPath) }

    /// For people: `mobilenet_v2.pth (PyTorch; it seems to be torchvision's MobileNetV2)`.
    public var title: String {
        let origin = architecture.map { "of a run that trained \($0)" } ?? WeightOrigin.guess(arrays).map { "it seems to be \($0)" }
        return "\(name) (\(kind.title)\(origin.map { "; \($0)" } ?? ""))"
    }
}
