import Basics
import Datasets
import Foundation

/// `.fetched.json`: what a folder holds that was verified.
///
/// A second run believes a file whose size and time of writing are still those of the record, and computes the sums of every other
/// one: 42 GiB are not read at each run only to find that nothing changed. It also is the one trace of archives that were removed once
/// their images were out, and holds the sums of files for which nobody published one.
struct FetchRecord: Codable, Equatable {
    static let fileName = ".fetched.json"

    struct Entry: Codable, Equatable {
        var byteCount: Int
        var sha256: String
        /// Nanoseconds since 1970.
        var modified: Int
        /// Whether the sum was compared with a published one; else it is that of the first fetch.
        var isPublishedSum: Bool
        var source: String?
        var extraction: Extraction?
    }

    /// The images that an archive gave.
    struct Extraction: Codable, Equatable {
        /// Whether all of the archive's images were taken out, or those of the box list.
        var isWhole: Bool
        /// The sum of the box list that was followed.
        var boxList: String?
        /// Whether the archive was to stay.
        var isArchiveKept: Bool
        /// Bytes of each image by its name.
        var images: [String: Int]
    }

    var schema = 1
    var files: [String: Entry] = [:]

    init() {}

    /// An unreadable record is none: then the sums are computed again.
    init(_ folder: URL) {
        let url = folder.appendingPathComponent(Self.fileName)
        if let bytes = try? Data(contentsOf: url), let record = try? JSONDecoder().decode(Self.self, from: bytes), record.schema == 1 {
            self = record
        }
    }

    func write(_ folder: URL) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        do {
            try encoder.encode(self).write(to: folder.appendingPathComponent(Self.fileName), options: .atomic)
        } catch {
            throw DatasetError(.cannotWrite, "\(Self.fileName) cannot be written")
        }
    }

    /// Whether the file lies there as it was verified, and that fits what is published now.
    func vouches(for file: RemoteFile, in folder: URL) -> Bool {
        guard let entry = fitting(file), let status = FileStatus(folder.appendingPathComponent(file.name)) else { return false }
        return status == FileStatus(byteCount: entry.byteCount, modified: entry.modified)
    }

    /// The record of this very file, whether it is still there or not.
    func fitting(_ file: RemoteFile) -> Entry? {
        guard let entry = files[file.name], file.byteCount.map({ $0 == entry.byteCount }) ?? true else { return nil }
        let published = file.sums.first { $0.algorithm == .sha256 }
        guard published.map({ $0.hexadecimal == entry.sha256 }) ?? (file.sums.isEmpty || entry.isPublishedSum) else { return nil }
        return entry
    }
}
