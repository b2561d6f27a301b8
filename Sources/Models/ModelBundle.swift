import Findings
import Foundation
import LabelMaps

/// A model on disk: a directory with `model.onnx`, `label_map.pbtxt`, `card.json` and `checksums.sha256` over them all. Some have a second network,
/// `model.int8.onnx`. An ensemble has `ensemble.json` in place of networks.
///
/// A value exists only where all files are there, none was altered and they agree with each other.
public struct ModelBundle: Hashable, Sendable {
    public let directory: URL
    public let card: ModelCard
    public let labelMap: LabelMap
    /// SHA-256 of `checksums.sha256`, in hexadecimal: names this very model in every result.
    public let digest: String
    /// The models that read together; `nil` for a bundle with a network of its own.
    public let ensemble: ModelEnsemble?
    /// SHA-256 of the network; `nil` for an ensemble.
    let networkSum: String?
    /// SHA-256 of the network of 8-bit integers; `nil` where there is none, or none that the ensemble read through was made with.
    var int8Sum: String?

    /// The network, ONNX: input `image` [N, C, H, W], C 1 for grey and 3 for colour; outputs `boxes` [N, A, 4] and `scores` [N, A, C]. An ensemble has none.
    public var modelFile: URL { directory.appendingPathComponent(Self.modelName) }

    /// The same network with 8-bit integers; `nil` where the bundle has none.
    public var int8ModelFile: URL? { int8Sum.map { _ in directory.appendingPathComponent(Self.int8Name) } }

    /// Whether the model can be run in 8-bit integers; an ensemble, where all its members can.
    public var offersInt8: Bool { ensemble?.members.allSatisfy(\.bundle.offersInt8) ?? (int8Sum != nil) }

    static let modelName = "model.onnx"
    public static let int8Name = "model.int8.onnx"
    static let labelMapName = "label_map.pbtxt"
    static let cardName = "card.json"
    static let checksumsName = "checksums.sha256"

    /// Reads and checks a bundle; of an ensemble, its members too.
    /// - Throws: `ModelError` that names the file inside the bundle and the reason.
    public init(directory: URL) throws { try self.init(directory: directory, allowsEnsemble: true) }

    /// - Parameter allowsEnsemble: False for a member of one: ensembles of ensembles could go round in a circle.
    init(directory: URL, allowsEnsemble: Bool) throws {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: directory.path, isDirectory: &isDirectory) else {
            throw ModelError(.notFound, "no such directory")
        }
        guard isDirectory.boolValue else { throw ModelError(.notFound, "not a directory, so not a model bundle") }
        let checksums = try Self.contents(of: Self.checksumsName, in: directory)
        let expected = try Checksums(text: checksums)
        let isEnsemble = expected.sums[EnsembleFile.name] != nil
        guard !isEnsemble || allowsEnsemble else { throw ModelError(.damaged, "an ensemble cannot be a member of another") }
        var files: [String: Data] = [:]
        let second = expected.sums[Self.int8Name] != nil && !isEnsemble ? [Self.int8Name] : []
        for name in [isEnsemble ? EnsembleFile.name : Self.modelName, Self.labelMapName, Self.cardName] + second {
            let bytes = try Self.contents(of: name, in: directory)
            guard let sum = expected.sums[name] else { throw ModelError(.damaged, "\(Self.checksumsName) has no line for \(name)") }
            guard Checksums.sum(bytes) == sum else {
                throw ModelError(.altered, "\(name) is not the file the bundle was made with (its SHA-256 differs)")
            }
            files[name] = bytes
        }
        self.directory = directory
        digest = Checksums.sum(checksums)
        networkSum = isEnsemble ? nil : expected.sums[Self.modelName]
        int8Sum = isEnsemble ? nil : expected.sums[Self.int8Name]
        card = try ModelCard(json: files[Self.cardName] ?? Data())
        guard card.quantised?.file == second.first else {
            throw ModelError(.damaged, "\(Self.cardName) and \(Self.checksumsName) do not agree on whether there is a \(Self.int8Name)")
        }
        ensemble = isEnsemble ? try EnsembleFile.ensemble(json: files[EnsembleFile.name] ?? Data(), directory: directory) : nil
        do {
            labelMap = try LabelMap(pbtxt: String(decoding: files[Self.labelMapName] ?? Data(), as: UTF8.self))
        } catch {
            throw ModelError(.damaged, "\(Self.labelMapName): \((error as? LabelMapError)?.reason ?? "not a label map")")
        }
        for member in ensemble?.members ?? [] where member.bundle.labelMap != labelMap {
            throw ModelError(.damaged, "member \(member.path) has another label map")
        }
        for member in ensemble?.members ?? [] where member.bundle.card.domain != card.domain {
            throw ModelError(.damaged, "member \(member.path) is of another domain")
        }
    }

    private static func contents(of name: String, in directory: URL) throws -> Data {
        let file = directory.appendingPathComponent(name)
        // Only a plain file: a FIFO of that name would be waited for without end.
        let kind = try? FileManager.default.attributesOfItem(atPath: file.resolvingSymlinksInPath().path)[.type] as? FileAttributeType
        guard let kind else { throw ModelError(.missing, "\(name) is missing") }
        guard kind == .typeRegular else { throw ModelError(.unreadable, "\(name) is not a file") }
        do {
            return try Data(contentsOf: file)
        } catch {
            throw ModelError(.unreadable, "\(name) cannot be opened for reading")
        }
    }
}
