import Basics
import Foundation

/// Examples on the disk.
public struct NoduleExampleFolder: Sendable {
    public let url: URL
    public let examples: NoduleExamples

    /// - Throws: `FileError` naming the file where it is missing or says what cannot be.
    public init(_ url: URL) throws {
        self.url = url
        let bytes = try Self.bytes(url.appendingPathComponent(NoduleExamples.fileName))
        do {
            examples = try JSONDecoder().decode(NoduleExamples.self, from: bytes)
        } catch {
            throw NoduleExampleError(.damaged, "\(NoduleExamples.fileName) is no list of examples of nodules")
        }
        for scan in examples.scans {
            guard !scan.name.isEmpty, !scan.name.contains("/"), !scan.name.hasPrefix("."), scan.width > 0, scan.height > 0, scan.depth > 0,
                [scan.width, scan.height, scan.depth].allSatisfy({ $0 <= 2_000 })
            else { throw NoduleExampleError(.damaged, "\(NoduleExamples.fileName): a scan whose name or size cannot be") }
            let size = [scan.width, scan.height, scan.depth]
            guard
                (scan.nodules.map(\.voxel) + scan.candidates.map(\.voxel)).allSatisfy({ voxel in
                    voxel.count == 3 && zip(voxel, size).allSatisfy { $0 >= 0 && $0 < $1 }
                })
            else { throw NoduleExampleError(.damaged, "\(NoduleExamples.fileName): a place outside of its scan \(scan.name)") }
        }
    }

    public func block(_ scan: NoduleExamples.Scan) throws -> VoxelBlock { try block(scan, suffix: "block") }

    /// The number of the nodule that a voxel belongs to.
    public func mask(_ scan: NoduleExamples.Scan) throws -> VoxelBlock { try block(scan, suffix: "mask") }

    private func block(_ scan: NoduleExamples.Scan, suffix: String) throws -> VoxelBlock {
        let bytes = try Self.bytes(url.appendingPathComponent("\(scan.name).\(suffix)"))
        guard bytes.count == scan.width * scan.height * scan.depth else {
            throw NoduleExampleError(.damaged, "\(scan.name).\(suffix) has not the size that \(NoduleExamples.fileName) says")
        }
        return VoxelBlock(width: scan.width, height: scan.height, depth: scan.depth, values: [UInt8](bytes))
    }

    private static func bytes(_ file: URL) throws -> Data {
        do {
            return try Data(contentsOf: file)
        } catch {
            throw NoduleExampleError(.missing, "\(file.lastPathComponent) cannot be opened")
        }
    }

    /// Writes one scan's block and mask into a folder.
    public static func write(_ block: VoxelBlock, mask: VoxelBlock, name: String, to folder: URL) throws {
        try AtomicFile.write(Data(block.values), to: folder.appendingPathComponent("\(name).block"), synchronises: false)
        try AtomicFile.write(Data(mask.values), to: folder.appendingPathComponent("\(name).mask"), synchronises: false)
    }

    /// Writes the list, last of all.
    public static func write(_ examples: NoduleExamples, to folder: URL) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try AtomicFile.write(
            try encoder.encode(examples), to: folder.appendingPathComponent(NoduleExamples.fileName), synchronises: false)
    }
}

/// Why examples cannot be used. `description` is one line.
public struct NoduleExampleError: ExplainedError {
    public struct Code: ErrorCode {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        public static let missing = Code(rawValue: "missing")
        public static let damaged = Code(rawValue: "damaged examples")
        public static let tooFew = Code(rawValue: "too few examples")

        public var exitStatus: ExitStatus { .somethingMissing }
    }

    public var code: Code
    public var reason: String

    public init(_ code: Code, _ reason: String) { (self.code, self.reason) = (code, reason) }
}
