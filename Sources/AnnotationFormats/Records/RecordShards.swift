import Basics
import Foundation
import Interchange
import TFRecords

/// The TFRecord files of a source, put together to sets by their names: `train.record-00000-of-00010`, `val-00003-of-00004.tfrecord`,
/// `test.record`.
struct RecordShards {
    struct File {
        var url: URL
        /// For messages.
        var name: String
        /// The part of a split that the name says.
        var part: String?
        /// The set it belongs to and the set's other files; `nil` for a file that is alone.
        var set: String?
    }

    /// By set, and by number in it.
    private(set) var files: [File] = []
    /// What is missing, one line each.
    private(set) var problems: [String] = []

    static let suffixes: Set<String> = ["record", "records", "tfrecord", "tfrecords"]
    /// Missing shards that are named.
    private static let maximumNames = 20

    /// Looks for files whose name or first bytes say what they are; a file that is the source itself is taken as it is.
    init(_ source: AnnotationSource) {
        if source.isFolder {
            self.init(source.files.filter { Self.isRecord($0) }.map { ($0, source.name(of: $0)) }, isComplete: true)
        } else {
            self.init(source.files.map { ($0, source.name(of: $0)) }, isComplete: false)
        }
    }

    /// - Parameter isComplete: True where a shard that is not among the files is missing.
    init(_ urls: [(url: URL, name: String)], isComplete: Bool) {
        var sets: [String: [(number: Int, file: File)]] = [:]
        var counts: [String: Int] = [:]
        for (url, name) in urls {
            let part = Self.part(url.lastPathComponent)
            guard let shard = Self.shard(name) else {
                sets[name, default: []].append((0, File(url: url, name: name, part: part)))
                continue
            }
            sets[shard.set, default: []].append((shard.number, File(url: url, name: name, part: part, set: shard.set)))
            counts[shard.set] = shard.count
        }
        for (set, members) in sets.sorted(by: { $0.key < $1.key }) {
            files += members.sorted { ($0.number, $0.file.name) < ($1.number, $1.file.name) }.map(\.file)
            if isComplete, let count = counts[set] { problems += Self.missing(of: set, count, Set(members.map(\.number))) }
        }
    }

    private static func missing(of set: String, _ count: Int, _ present: Set<Int>) -> [String] {
        var problems = present.filter { $0 >= count }.sorted().map { "\(set): shard \($0) of \(count)" }
        let gone = count - present.filter { $0 < count }.count
        var names: [String] = []
        var number = 0
        while names.count < min(gone, maximumNames), number < count {
            if !present.contains(number) { names.append(set.replacingOccurrences(of: "*", with: String(format: "%05d", number))) }
            number += 1
        }
        problems += names.map { "\($0) is missing" }
        if gone > names.count { problems.append("\(set): \(gone - names.count) more shards are missing") }
        return problems
    }

    /// `name-00003-of-00010`, with or without a suffix: the set with `*` for the number.
    private static func shard(_ name: String) -> (set: String, number: Int, count: Int)? {
        // First what costs little: a folder may have a hundred thousand other files.
        guard name.contains("-of-"), let match = name.wholeMatch(of: /(.*-)([0-9]{1,9})(-of-)([0-9]{1,9})((?:\.[A-Za-z]+)?)/),
            let number = Int(match.2), let count = Int(match.4), count > 0
        else { return nil }
        return ("\(match.1)*\(match.3)\(match.4)\(match.5)", number, count)
    }

    /// The first word of a file's name that is one of a split.
    static func part(_ name: String) -> String? {
        for word in name.lowercased().split(whereSeparator: { !$0.isLetter }) {
            switch word {
            case "train", "training": return "train"
            case "val", "valid", "validation", "eval": return "validation"
            case "test", "testing": return "test"
            default: continue
            }
        }
        return nil
    }

    /// Damaged files with a usual name are records too: they get their message when they are read.
    static func isRecord(_ file: URL) -> Bool {
        let name = file.lastPathComponent
        if suffixes.contains(file.pathExtension.lowercased()) { return true }
        guard let shard = shard(name) else { return false }
        return suffixes.contains { shard.set.contains(".\($0)-") } || TFRecordReader.isBeginning(FileHead.bytes(of: file, count: 12))
    }
}
