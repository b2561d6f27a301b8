import Basics
import Datasets
import Findings
import Foundation
import Interchange
import LabelMaps
import TFRecords

/// TFRecord shards with a record an image and `label_map.pbtxt`, as the TensorFlow Object Detection API trains on them. Images are read
/// once for their checksums and stay where they are: the document says where each lies in its shard.
public struct TFRecordFormat: AnnotationFormat {
    public init() {}

    public var name: String { "tfrecord" }
    public var title: String { "TFRecord shards (TensorFlow Object Detection API)" }
    public var contents: FormatContents {
        [
            .findings, .classIDs, .unusedClasses, .emptyImages, .fractions, .patients, .views, .parts, .folds, .readers, .agreement,
            .imageLabels, .attributes, .pixels,
        ]
    }

    /// The set of images that are in no part of a split.
    static let wholeSet = "dataset"

    public func recognises(_ source: AnnotationSource) -> Bool {
        source.files.contains {
            RecordShards.isRecord($0) || (!source.isFolder && TFRecordReader.isBeginning(FileHead.bytes(of: $0, count: 12)))
        }
    }

    public func read(_ source: AnnotationSource) throws -> AnnotationDocument {
        try read(RecordShards(source), labelMap: labelMap(of: source))
    }

    func read(_ shards: RecordShards, labelMap: LabelMap?) throws -> AnnotationDocument {
        guard !shards.files.isEmpty else { throw DatasetError(.missing, "there is no TFRecord file") }
        var document = AnnotationDocument()
        document.problems += shards.problems
        var reader = ExampleReader(labelMap: labelMap)
        var counts: [Int] = []
        for file in shards.files { counts.append(try read(file, with: &reader, into: &document)) }
        checkEmpty(shards.files, counts, &document)
        RecordNames.heal(&document)
        document.classes = reader.classes
        document.folds = reader.folds
        document.notes += reader.notes
        if let note = labelMap.flatMap(SourceCompanions.note) { document.notes.append(note) }
        return document
    }

    /// - Returns: How many records it has.
    private func read(_ file: RecordShards.File, with reader: inout ExampleReader, into document: inout AnnotationDocument) throws -> Int {
        let records = try TFRecordReader(file.url, name: file.name)
        var count = 0
        var isMore = true
        while isMore {
            do {
                isMore = try records.read { record in
                    count += 1
                    let place = "\(file.name), record \(record.number)"
                    document.images.append(try reader.read(record, of: file.url, place: place, part: file.part))
                }
            } catch let error as DatasetError {
                document.problems += error.problems
                count += 1
            }
        }
        return count
    }

    /// A file without a record is a fault, but the last ones of a set may have none: so do writers leave them that have more shards than
    /// images.
    private func checkEmpty(_ files: [RecordShards.File], _ counts: [Int], _ document: inout AnnotationDocument) {
        var last: [String: Int] = [:]
        for (index, file) in files.enumerated() where counts[index] > 0 { last[file.set ?? file.name] = index }
        for (index, file) in files.enumerated() where counts[index] == 0 {
            if let full = last[file.set ?? file.name], full < index {
                document.notes.append("\(file.name) has no record")
            } else {
                document.problems.append("\(file.name) has no record: the file is empty")
            }
        }
    }

    /// The one that is named, or that lies in the folder, or beside the file.
    /// - Throws: `DatasetError` where it cannot be read or there are several.
    func labelMap(of source: AnnotationSource) throws -> LabelMap? {
        if let named = source.labelMap { return try Self.labelMap(named, name: named.lastPathComponent) }
        guard source.isFolder else {
            let beside = source.url.deletingLastPathComponent().appendingPathComponent(Dataset.labelMapFile)
            guard FileManager.default.fileExists(atPath: beside.path) else { return nil }
            return try Self.labelMap(beside, name: Dataset.labelMapFile)
        }
        // Beside a project's records there may be other texts of that suffix, such as a graph.
        let candidates = source.files(withSuffix: "pbtxt").filter { $0.lastPathComponent.lowercased().contains("label") }
        let usual = candidates.filter { $0.lastPathComponent == Dataset.labelMapFile }
        let files = usual.count == 1 ? usual : candidates
        guard files.count < 2 else {
            throw DatasetError(.malformed, "several label maps: \(files.map { source.name(of: $0) }.joined(separator: ", "))")
        }
        return try files.first.map { try Self.labelMap($0, name: source.name(of: $0)) }
    }

    static func labelMap(_ file: URL, name: String) throws -> LabelMap {
        do {
            return try LabelMap(contentsOf: file)
        } catch let error as LabelMapError {
            throw DatasetError(.malformed, "\(name): \(error.description)")
        }
    }

    /// A set of shards for each part of the split, `train.record-00000-of-00010`, each shard with images that follow each other, so that
    /// one file is open at a time and one image in memory.
    public func write(_ dataset: Dataset, to folder: URL, options: ExportOptions) throws {
        let labelMap = try LabelMap(dataset.findingClasses)
        let writer = ExampleWriter(dataset)
        var sets: [String: [DatasetImage]] = [:]
        for image in dataset.images { sets[Self.set(of: image.part), default: []].append(image) }
        for (set, images) in sets.sorted(by: { $0.key < $1.key }) {
            // No shard is empty: one that has no record is what a file looks like that was lost.
            let shards = min(max(1, options.shards), images.count, 99_999)
            for shard in 0..<shards {
                let name = "\(set).record-" + String(format: "%05d-of-%05d", shard, shards)
                let file = try TFRecordWriter(folder.appendingPathComponent(name))
                for image in images[images.count * shard / shards..<images.count * (shard + 1) / shards] {
                    try file.write(writer.record(of: image.rounded(options), encoded: dataset.encodedImage(of: image)))
                }
                try file.finish()
            }
        }
        do {
            try Data(labelMap.pbtxt.utf8).write(to: folder.appendingPathComponent(Dataset.labelMapFile), options: .atomic)
        } catch {
            throw DatasetError(.cannotWrite, "\(Dataset.labelMapFile) cannot be written")
        }
    }

    /// A part's name comes from outside: only what a file's name can have anywhere is taken of it, and the records say it in full.
    private static func set(of part: String?) -> String {
        guard let part else { return wholeSet }
        let name = part.unicodeScalars.prefix(100).map { $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0)) ? $0 : "_" }
        return name.isEmpty ? wholeSet : String(String.UnicodeScalarView(name))
    }
}

extension DatasetImage {
    /// With edges at whole pixels where that is asked for.
    fileprivate func rounded(_ options: ExportOptions) -> DatasetImage {
        guard options.roundsToPixels else { return self }
        var image = self
        for index in image.boxes.indices { image.boxes[index].box = image.boxes[index].box.roundedToPixels }
        return image
    }
}
