import Datasets
import Foundation

extension FetchRun {
    /// Takes an archive's images out into `images/`; the archive goes when they are there, unless it is to be kept.
    /// - Parameter wanted: The list of the only images to take, and their names; nil takes all.
    mutating func fetchImages(_ file: RemoteFile, wanted: (list: String, names: Set<String>)?) throws {
        let target = folder.appendingPathComponent(file.name)
        if let extraction = fetcher.extraction(file, record), !fetcher.keepsArchives || record.vouches(for: file, in: folder) {
            // Ended between the note and the removal.
            if !extraction.isArchiveKept, !fetcher.keepsArchives { try? FileManager.default.removeItem(at: target) }
            return finished(file, isNew: false)
        }
        let archive: URL
        if case .folder = fetcher.source, FileStatus(target) == nil {
            archive = try archiveInPlace(file)
        } else {
            _ = try obtain(file)
            archive = target
        }
        tell(.extracting(file: file.name))
        let images = try withScratch(file) { try extract(archive, wanted: wanted?.names, scratch: $0) }
        report.imageCount += images.count
        let boxList = wanted.flatMap { record.files[$0.list]?.sha256 }
        record.files[file.name]?.extraction = FetchRecord.Extraction(
            isWhole: wanted == nil, boxList: boxList, isArchiveKept: fetcher.keepsArchives, images: images)
        try record.write(folder)
        if archive == target, !fetcher.keepsArchives { try? FileManager.default.removeItem(at: target) }
        finished(file, isNew: true)
    }

    /// An archive of a folder is verified and read where it is: a copy of 42 GiB would serve nobody. Where archives are to be kept it
    /// gets a second name here, or a copy on another disk.
    private mutating func archiveInPlace(_ file: RemoteFile) throws -> URL {
        guard let original = fetcher.source.found(file) else { throw DatasetError(.missing, "the folder does not have it") }
        let digest = try verify(file, at: original)
        guard fetcher.keepsArchives else {
            record.files[file.name] = FetchRecord.Entry(
                byteCount: digest.byteCount, sha256: digest.sha256, modified: 0, isPublishedSum: !file.sums.isEmpty)
            return original
        }
        let target = folder.appendingPathComponent(file.name)
        guard link(original.path, target.path) == 0 else {
            _ = try obtain(file)
            return target
        }
        try enter(file, target, digest, source: nil)
        return target
    }

    private func extract(_ archive: URL, wanted: Set<String>?, scratch: URL) throws -> [String: Int] {
        let images = folder.appendingPathComponent(Dataset.imagesFolder)
        do {
            try FileManager.default.createDirectory(at: images, withIntermediateDirectories: true)
        } catch {
            throw DatasetError(.cannotWrite, "\(Dataset.imagesFolder)/ cannot be made")
        }
        let reader = try ArchiveReader(archive)
        let members = try reader.images(scratch: scratch)
        let taken = wanted.map { wanted in members.filter { wanted.contains($0.key) } } ?? members
        return try reader.extract(taken, to: images, scratch: scratch)
    }

    /// The images that a list names, as it names them.
    /// - Throws: `DatasetError` where the list is not there, or names what is not a plain file name; all such rows.
    func listedImages(_ list: String) throws -> Set<String> {
        let url = folder.appendingPathComponent(list)
        guard record.files[list] != nil, FileStatus(url) != nil else {
            throw DatasetError(.missing, "without \(list) nothing can be taken out of the archives")
        }
        let table = try CSVFile(url)
        var names: Set<String> = []
        var problems = ProblemList()
        try table.forEachRow { row, number in
            let name = row.first ?? ""
            if ArchiveReader.isPlain(name) { names.insert(name) } else { problems.append("\(table.place(number)): no plain file name") }
        }
        if names.isEmpty, problems.isEmpty { problems.append("\(list): no row") }
        guard problems.isEmpty else { throw DatasetError(.malformed, problems: problems) }
        return names
    }
}
