import Datasets
import Foundation

/// One run of a `DatasetFetcher`.
struct FetchRun {
    let fetcher: DatasetFetcher
    var record: FetchRecord
    let tell: (FetchEvent) -> Void
    var report = FetchReport()

    var folder: URL { fetcher.folder }

    mutating func fetchAll() {
        removeScratch()
        let plain = fetcher.manifest.files.filter { $0.role == .plain }
        for file in plain { attempt(file.name) { try $0.fetch(file) } }
        let archives = fetcher.manifest.files.filter { $0.role == .imageArchive }
        guard !archives.isEmpty else { return }
        guard case .listed(let list) = fetcher.manifest.images else {
            for file in archives { attempt(file.name) { try $0.fetchImages(file, wanted: nil) } }
            return
        }
        // Without the list nothing could be taken out of the archives.
        var names: Set<String>?
        attempt(Dataset.imagesFolder + "/") { names = try $0.listedImages(list) }
        guard let wanted = names else { return }
        for file in archives { attempt(file.name) { try $0.fetchImages(file, wanted: (list, wanted)) } }
        if report.failures.isEmpty {
            let images = folder.appendingPathComponent(Dataset.imagesFolder)
            let missing = wanted.count { FileStatus(images.appendingPathComponent($0)) == nil }
            if missing > 0 { fail(Dataset.imagesFolder + "/", "\(missing) images that \(list) names are in no archive") }
        }
    }

    /// One file's failure is told and does not end the run.
    private mutating func attempt(_ name: String, _ body: (inout FetchRun) throws -> Void) {
        do {
            try body(&self)
        } catch let error as DatasetError {
            fail(name, error.reason)
        } catch {
            fail(name, "it cannot be read or written")
        }
    }

    private mutating func fail(_ file: String, _ reason: String) {
        report.failures.append(FetchReport.Failure(file: file, reason: reason))
        tell(.failed(file: file, reason: reason))
    }

    mutating func finished(_ file: RemoteFile, isNew: Bool) {
        if isNew {
            report.fetched.append(file.name)
            tell(.finished(file: file.name, byteCount: record.files[file.name]?.byteCount ?? 0))
        } else {
            report.alreadyThere.append(file.name)
        }
    }

    /// Brings a file under its name.
    mutating func fetch(_ file: RemoteFile) throws {
        let isNew = try obtain(file)
        finished(file, isNew: isNew)
    }

    /// - Returns: False where the verified file was there already.
    mutating func obtain(_ file: RemoteFile) throws -> Bool {
        if record.vouches(for: file, in: folder) { return false }
        let target = folder.appendingPathComponent(file.name)
        if FileStatus(target) != nil {
            do {
                try enter(file, target, try verify(file, at: target), source: record.files[file.name]?.source)
                return false
            } catch let error as DatasetError {
                // Only what a fetch brought may be replaced by one.
                guard record.files[file.name] != nil, error.code == .cannotFetch else {
                    throw DatasetError(.exists, "a file of that name is there already and \(error.reason)")
                }
                tell(.again(file: file.name, reason: error.reason))
            }
        } else if (try? FileManager.default.attributesOfItem(atPath: target.path)) != nil {
            throw DatasetError(.exists, "something that is no file is there under its name")
        }
        let partial = PartialFile(target)
        let digest: FileDigest
        if case .folder = fetcher.source {
            guard let original = fetcher.source.found(file) else { throw DatasetError(.missing, "the folder does not have it") }
            digest = try copy(file, original, partial)
        } else {
            digest = try download(file, partial)
        }
        try partial.finish(as: target)
        try enter(file, target, digest, source: describe(file))
        return true
    }

    /// From a server; a file that is not the published one is fetched once again, from the start.
    private func download(_ file: RemoteFile, _ partial: PartialFile) throws -> FileDigest {
        let (fetcher, tell) = (self.fetcher, self.tell)
        let download = FileDownload(
            file: file, addresses: fetcher.source.addresses(file), limits: fetcher.limits,
            available: { fetcher.available(fetcher.folder) }, report: tell)
        try download.run(into: partial)
        do {
            return try verify(file, at: partial.url)
        } catch let error as DatasetError where error.code == .cannotFetch {
            partial.remove()
            tell(.again(file: file.name, reason: error.reason))
        }
        try download.run(into: partial)
        do {
            return try verify(file, at: partial.url)
        } catch {
            partial.remove()
            throw error
        }
    }

    private func copy(_ file: RemoteFile, _ original: URL, _ partial: PartialFile) throws -> FileDigest {
        do {
            partial.remove()
            let input = try FileHandle(forReadingFrom: original)
            let output = try partial.open(at: 0)
            var done = 0
            while let piece = try input.read(upToCount: 1 << 20), !piece.isEmpty {
                try output.write(contentsOf: piece)
                done += piece.count
                tell(.receiving(file: file.name, done: done, total: FileStatus(original)?.byteCount))
            }
            try input.close()
            try output.close()
        } catch {
            partial.remove()
            throw DatasetError(.cannotWrite, "it cannot be copied")
        }
        do {
            return try verify(file, at: partial.url)
        } catch {
            partial.remove()
            throw error
        }
    }

    /// - Throws: `DatasetError` of code `cannotFetch` where it is not the published file.
    func verify(_ file: RemoteFile, at url: URL) throws -> FileDigest {
        let total = FileStatus(url)?.byteCount ?? 0
        var done = 0
        let digest: FileDigest
        do {
            digest = try FileDigest(url, algorithms: Set(file.sums.map(\.algorithm))) { count in
                done += count
                tell(.verifying(file: file.name, done: done, total: total))
            }
        } catch {
            throw DatasetError(.missing, "it cannot be read")
        }
        if let reason = digest.mismatch(file) { throw DatasetError(.cannotFetch, reason) }
        guard file.sums.isEmpty else { return digest }
        // Nobody published a sum: that of the first fetch stands, and a compressed file carries a check of its own.
        if let first = record.files[file.name], !first.isPublishedSum, first.sha256 != digest.sha256 {
            throw DatasetError(.cannotFetch, "its SHA-256 sum is not that of the first fetch")
        }
        if file.role == .imageArchive {
            try withScratch(file) { scratch in
                do {
                    try ArchiveReader.testCompression(url, scratch: scratch)
                } catch let error as DatasetError where error.code == .malformed {
                    throw DatasetError(.cannotFetch, error.reason)
                }
            }
        }
        return digest
    }

    /// Notes that a file is verified, at once, so that whatever ends the program the next run need not read it again.
    mutating func enter(_ file: RemoteFile, _ target: URL, _ digest: FileDigest, source: String?) throws {
        guard let status = FileStatus(target) else { throw DatasetError(.missing, "it went away") }
        let extraction = record.files[file.name].flatMap { $0.sha256 == digest.sha256 ? $0.extraction : nil }
        record.files[file.name] = FetchRecord.Entry(
            byteCount: status.byteCount, sha256: digest.sha256, modified: status.modified, isPublishedSum: !file.sums.isEmpty,
            source: source, extraction: extraction)
        try record.write(folder)
    }

    /// Without a user's name, a password or a key, which an address can carry.
    func describe(_ file: RemoteFile) -> String? {
        switch fetcher.source {
        case .publisher: return file.url.absoluteString
        case .folder: return nil
        case .mirror(let base):
            var parts = URLComponents(url: base, resolvingAgainstBaseURL: true)
            parts?.user = nil
            parts?.password = nil
            parts?.query = nil
            return parts?.string
        }
    }

    /// A folder beside the target for what is needed for a moment.
    func withScratch<Value>(_ file: RemoteFile, _ body: (URL) throws -> Value) throws -> Value {
        let scratch = folder.appendingPathComponent(file.name + Self.scratchSuffix)
        defer { try? FileManager.default.removeItem(at: scratch) }
        do {
            try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        } catch {
            throw DatasetError(.cannotWrite, "the folder cannot be written")
        }
        return try body(scratch)
    }

    private static let scratchSuffix = ".images" + PartialFile.suffix

    /// What a run left that was ended from outside.
    private func removeScratch() {
        for file in fetcher.manifest.files {
            try? FileManager.default.removeItem(at: folder.appendingPathComponent(file.name + Self.scratchSuffix))
        }
    }
}
