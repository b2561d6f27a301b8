import Datasets
import Foundation

/// Brings a published dataset into a folder that `NIHImporter` reads.
///
/// A file gets its name only when it has been verified. Whatever ends the program, at any time, leaves `.partial` files and folders,
/// from which the next run goes on; verified files are left alone.
public struct DatasetFetcher: Sendable {
    public var manifest: FetchManifest
    public var source: FetchSource
    public var folder: URL
    /// False removes each archive when its images are out, so that the disk never holds all of them.
    public var keepsArchives: Bool
    public var limits: FetchLimits
    /// Bytes that may be written to a folder; for tests.
    package var available: @Sendable (URL) -> Int? = { FileStatus.available($0) }

    public init(
        _ manifest: FetchManifest, from source: FetchSource = .publisher, to folder: URL, keepsArchives: Bool = false,
        limits: FetchLimits = FetchLimits()
    ) {
        self.manifest = manifest
        self.source = source
        self.folder = folder
        self.keepsArchives = keepsArchives
        self.limits = limits
    }

    /// What a run would do. Reads the folder and writes nothing; no server is asked.
    public func plan() -> [FetchPlanItem] {
        let record = FetchRecord(folder)
        return manifest.files.map { file in
            FetchPlanItem(
                file: file, state: state(file, record),
                isInFolder: { if case .folder = source { source.found(file) != nil } else { nil } }())
        }
    }

    private func state(_ file: RemoteFile, _ record: FetchRecord) -> FetchPlanItem.State {
        if file.role == .imageArchive, let extraction = extraction(file, record), !keepsArchives || record.vouches(for: file, in: folder) {
            return .extracted(images: extraction.images.count)
        }
        let target = folder.appendingPathComponent(file.name)
        if FileStatus(target) != nil { return record.vouches(for: file, in: folder) ? .verified : .unverified }
        let here = PartialFile(target).byteCount
        return here > 0 ? .partial(byteCount: here) : .missing
    }

    /// The images of an archive, where they were taken out as this manifest wants it and still lie there.
    func extraction(_ file: RemoteFile, _ record: FetchRecord) -> FetchRecord.Extraction? {
        guard let extraction = record.fitting(file)?.extraction else { return nil }
        if !extraction.isWhole {
            guard case .listed(let list) = manifest.images, let sum = record.files[list]?.sha256, extraction.boxList == sum else {
                return nil
            }
        }
        let images = folder.appendingPathComponent(Dataset.imagesFolder)
        let isThere = extraction.images.allSatisfy { FileStatus(images.appendingPathComponent($0.key))?.byteCount == $0.value }
        return isThere ? extraction : nil
    }

    /// Fetches what is missing. A file that fails does not stop the others.
    /// - Parameter report: Told what happens, on the calling thread.
    /// - Throws: `DatasetError` where nothing can be done at all: the folder cannot be written, another fetch works in it, or there is
    ///   no room for what is to come.
    public func run(report: @escaping (FetchEvent) -> Void = { _ in }) throws -> FetchReport {
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw DatasetError(.cannotWrite, "the folder cannot be made")
        }
        let lock = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard lock >= 0 else { throw DatasetError(.cannotWrite, "the folder cannot be opened") }
        defer {
            // Said, because a program that is just being started can hold a copy of the descriptor for a moment.
            flock(lock, LOCK_UN)
            close(lock)
        }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else { throw DatasetError(.cannotWrite, "another fetch is at work in the folder") }
        try checkRoom()
        var run = FetchRun(fetcher: self, record: FetchRecord(folder), tell: report)
        run.fetchAll()
        return run.report
    }

    /// What is to come, against what is free: all files but archives; archives one at a time where they are removed afterwards, and
    /// their images, which take as much room as the archive, PNG being compressed already. A folder's archives are read where they are.
    private func checkRoom() throws {
        let pending = plan().filter { $0.remaining != 0 }
        let archives = pending.filter { $0.file.role == .imageArchive }
        let plain = pending.filter { $0.file.role == .plain }.reduce(0) { $0 + ($1.remaining ?? 0) }
        let sizes = archives.map { $0.file.byteCount ?? 0 }
        var room = plain + (manifest.images == .all ? sizes.reduce(0, +) : 0)
        if case .folder = source {} else { room += keepsArchives ? archives.reduce(0) { $0 + ($1.remaining ?? 0) } : sizes.max() ?? 0 }
        if let free = available(folder), free < room {
            throw DatasetError(.cannotWrite, "no room: about \(room) bytes are to come, \(free) are free")
        }
    }
}
