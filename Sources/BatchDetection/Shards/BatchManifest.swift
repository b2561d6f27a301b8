import Basics
import Detection
import Findings
import Foundation

/// The list of a batch's images, the same for every machine that works on it: whoever comes first writes it, the others read it.
///
/// A file of JSON lines: a head, then a line an image. What cannot even be tried (a folder without an image) stands in it with its reason.
public struct BatchManifest: Sendable {
    static let fileName = "manifest.jsonl"
    private static let kind = "manifest of a batch"

    private struct Head: Codable, Equatable {
        var schema = 1
        var kind = BatchManifest.kind
        /// What was asked for.
        var paths: [String]
        var images: Int
    }
    private struct Line: Codable {
        var image: String
        var error: String?
        var errorCode: String?

        private enum CodingKeys: String, CodingKey {
            case image, error
            case errorCode = "error_code"
        }
    }

    public let inputs: [InputSearch.Input]
    /// SHA-256 of the file, in hexadecimal.
    public let digest: String
    /// What was asked for when it was made.
    public let paths: [String]

    /// Reads the list of a folder.
    /// - Throws: `BatchError`.
    public init(folder: URL) throws(BatchError) {
        let bytes: Data
        do {
            bytes = try Data(contentsOf: folder.appendingPathComponent(Self.fileName), options: .mappedIfSafe)
        } catch {
            throw BatchError(.cannotUse, "there is no \(Self.fileName), so no batch was begun in this folder")
        }
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true).makeIterator()
        let decoder = JSONDecoder()
        guard let first = lines.next(), let head = try? decoder.decode(Head.self, from: first), head.kind == Self.kind, head.schema == 1
        else {
            throw BatchError(.damaged, "\(Self.fileName) is none that this Pleura can read")
        }
        var inputs: [InputSearch.Input] = []
        while let next = lines.next() {
            guard let line = try? decoder.decode(Line.self, from: next) else {
                throw BatchError(.damaged, "line \(inputs.count + 2) of \(Self.fileName) cannot be read")
            }
            let failure = line.error.map { ImageFailure(code: line.errorCode ?? "unreadable", $0) }
            inputs.append(InputSearch.Input(path: line.image, failure: failure))
        }
        guard inputs.count == head.images else {
            throw BatchError(.damaged, "\(Self.fileName) lists \(inputs.count) images and says that there are \(head.images)")
        }
        (self.inputs, paths, digest) = (inputs, head.paths, Digest(of: bytes).hexadecimal)
    }

    /// The list of a folder: the one that is there, else the one that `search` finds, which is then written for all.
    /// - Throws: `BatchError`, of code `otherBatch` where the list there is of other paths.
    public static func common(
        in folder: URL, paths: [String], search: () -> [InputSearch.Input]
    ) throws(BatchError) -> BatchManifest {
        let place = folder.appendingPathComponent(fileName)
        if !FileManager.default.fileExists(atPath: place.path) { try write(search(), paths: paths, in: folder, to: place) }
        let manifest = try BatchManifest(folder: folder)
        guard paths.isEmpty || manifest.paths == paths else {
            throw BatchError(.otherBatch, "the folder has a batch of other paths; give this one a folder of its own")
        }
        return manifest
    }

    /// Of several that write at once, one has the name, whole, and the others leave theirs.
    private static func write(_ inputs: [InputSearch.Input], paths: [String], in folder: URL, to place: URL) throws(BatchError) {
        let own = folder.appendingPathComponent(".pleura-\(UUID().uuidString).partial")
        defer { unlink(own.path) }
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            var text = try encoder.encode(Head(paths: paths, images: inputs.count)) + Data("\n".utf8)
            for input in inputs {
                text += try encoder.encode(Line(image: input.path, error: input.failure?.description, errorCode: input.failure?.code))
                text.append(UInt8(ascii: "\n"))
            }
            try AtomicFile.write(text, to: own)
        } catch {
            throw BatchError(.cannotUse, "the folder of the batch does not take new files")
        }
        guard link(own.path, place.path) == 0 || errno == EEXIST else {
            throw BatchError(.cannotUse, "\(fileName) cannot be put in place: \(Descriptor.reason(errno))")
        }
    }
}
