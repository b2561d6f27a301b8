import Basics
import Datasets
import Findings
import Foundation
import Geometry
import Interchange
import Yams

/// YOLO's text files, one an image: a line a box with the class number from 0, then the middle, width and height in fractions of the image.
/// Ultralytics' layout (`data.yaml`, `images/train`, `labels/train`), darknet's (`obj.data`, `obj.names`, lists of images) and labelImg's
/// (`classes.txt` with texts beside the images) are read; Ultralytics' is written.
///
/// A class number is one less than the id of the finding. Outlines become the upright box around them and confidences are left aside, both
/// noted. An image without a text has no box, as it has for Ultralytics. `train` and `val` that are the same folder are no split.
///
/// An export writes all digits of the fractions, so that boxes come back within a millionth of a pixel. A box that reaches so far over the
/// image's edge that a fraction is not in 0...1 is cut off there, for YOLO refuses the whole image otherwise.
public struct YOLOFormat: AnnotationFormat {
    public init() {}

    public var name: String { "yolo" }
    public var title: String { "YOLO txt with data.yaml (Ultralytics), darknet, labelImg's YOLO" }
    public var contents: FormatContents { [.findings, .classIDs, .unusedClasses, .emptyImages, .fractions, .parts] }

    /// The folder of images that are in no part of a split that others are in.
    static let unsplit = "unsplit"

    public func recognises(_ source: AnnotationSource) -> Bool {
        if source.files(withSuffix: "yaml", "yml").prefix(16).contains(where: YOLOConfiguration.isOne) { return true }
        if source.files(withSuffix: "data").contains(where: { $0.lastPathComponent == "obj.data" }) { return true }
        let hasNames = source.labelMap != nil || YOLOConfiguration.namesFile(among: source.files) != nil
        return hasNames
            && source.files(withSuffix: "txt").lazy.filter { !YOLOConfiguration.isSpecial($0) }.prefix(4)
                .contains { YOLOLabels.isOne(FileHead.bytes(of: $0, count: 4096)) }
    }

    public func read(_ source: AnnotationSource) throws -> AnnotationDocument {
        let folder = YOLOFolder(source)
        let configuration = try YOLOConfiguration(source, folder)
        var entries = YOLOEntries(folder)
        for part in configuration.parts { entries.add(part, of: configuration) }
        if configuration.parts.isEmpty { entries.addFolder("", part: nil) }
        entries.finish()
        let found = entries.entries
        let (numbers, hasKeypoints) = (configuration.numbers, configuration.hasKeypoints)
        let labels = try Concurrent.map(found.count) { index -> Result<YOLOLabels, any Error> in
            Result {
                guard let label = found[index].label else { return YOLOLabels() }
                return try YOLOLabels(source.bytes(of: label), name: source.name(of: label), names: numbers, hasKeypoints: hasKeypoints)
            }
        }.map { try $0.get() }
        var document = AnnotationDocument(classes: configuration.classes, problems: configuration.problems + entries.problems)
        for (entry, labels) in zip(found, labels) {
            document.problems += labels.problems
            var image = AnnotatedImage(name: entry.name, part: entry.part, boxes: labels.boxes, place: entry.place)
            if let file = entry.image { image.content = .file(file) }
            image.lostBoxes = labels.problems.count
            document.images.append(image)
        }
        let notes = [
            (labels.reduce(0) { $0 + $1.outlines }, "outlines have the upright box around them"),
            (labels.reduce(0) { $0 + $1.confidences }, "boxes have a confidence, which is not carried"),
            (labels.reduce(0) { $0 + $1.keypoints }, "boxes have key points, which are not carried"),
            (found.count { $0.label == nil }, "images without a text have no box"),
        ]
        document.notes = notes.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return document
    }

    public func write(_ dataset: Dataset, to folder: URL, options: ExportOptions) throws {
        let numbers = dataset.findingClasses.columns
        let parts = Set(dataset.images.compactMap(\.part))
        for part in parts where YOLOConfiguration.otherKeys.contains(part) || part == Self.unsplit {
            throw DatasetError(.malformed, "the name of a part is one that data.yaml needs for something else")
        }
        let laying = ImageLaying(options)
        var taken: Set<String> = []
        for image in dataset.images {
            let part = try PartNames.fileName(image.part ?? (parts.isEmpty ? "train" : Self.unsplit))
            let path = "\(Dataset.imagesFolder)/\(part)/\(image.fileName)"
            let label = YOLOFolder.labelPath(ofImage: path)
            guard taken.insert(label).inserted else {
                throw DatasetError(.malformed, "image \(image.id): another one's name differs from its in the suffix only")
            }
            let text = try OutputText(folder.appendingPathComponent(label))
            for annotation in image.boxes {
                let box = options.roundsToPixels ? annotation.box.roundedToPixels : annotation.box
                try text.line("\(numbers[annotation.classID] ?? 0) \(Self.fractions(box, image))")
            }
            try text.finish()
            try laying.lay(image, of: dataset, at: folder.appendingPathComponent(path))
        }
        let text = try OutputText(folder.appendingPathComponent("data.yaml"))
        try text.write(try Self.configuration(dataset, parts.sorted()))
        try text.finish()
    }

    private static func fractions(_ box: Box, _ image: DatasetImage) -> String {
        let (width, height) = (Double(image.width), Double(image.height))
        func values(_ box: Box) -> [Double] {
            [(box.x + box.width / 2) / width, (box.y + box.height / 2) / height, box.width / width, box.height / height]
        }
        var fractions = values(box)
        if !fractions.allSatisfy((0...1).contains) { fractions = values(box.clipped(toWidth: width, height: height)) }
        return fractions.map { Decimals.shortest(min(1, max(0, $0))) }.joined(separator: " ")
    }

    /// `data.yaml`, without `path`: then paths are those below the file's own folder.
    private static func configuration(_ dataset: Dataset, _ parts: [String]) throws -> String {
        func text(_ value: String) -> Node { .scalar(.init(value, Tag(.str), .doubleQuoted)) }
        func number(_ value: Int) -> Node { .scalar(.init(String(value), Tag(.int))) }
        func key(_ value: String) -> Node { .scalar(.init(value)) }
        var places = Dictionary(uniqueKeysWithValues: parts.map { ($0, "\(Dataset.imagesFolder)/\($0)") })
        if parts.isEmpty {
            places = ["train": "\(Dataset.imagesFolder)/train", "val": "\(Dataset.imagesFolder)/train"]
        } else if dataset.images.contains(where: { $0.part == nil }) {
            places[unsplit] = "\(Dataset.imagesFolder)/\(unsplit)"
        }
        var pairs = places.sorted { $0.key < $1.key }.map { (key($0.key), text($0.value)) }
        // Ultralytics asks for both keys.
        for needed in ["train", "val"] where places[needed] == nil && !(needed == "val" && places["validation"] != nil) {
            pairs.append((key(needed), .scalar(.init("", Tag(.null)))))
        }
        pairs.append((key("nc"), number(dataset.findingClasses.count)))
        let names = dataset.findingClasses.enumerated().map { (number($0), text($1.name)) }
        pairs.append((key("names"), .mapping(.init(names))))
        // Ultralytics wants numbers without gaps; ids that are not one more stand apart, where it leaves them aside.
        let ids = dataset.findingClasses.map(\.id)
        if ids != Array(1...max(1, ids.count)) { pairs.append((key("ids"), .sequence(.init(ids.map(number), .implicit, .flow)))) }
        do {
            return try Yams.serialize(node: .mapping(.init(pairs)), allowUnicode: true)
        } catch {
            throw DatasetError(.cannotWrite, "data.yaml cannot be written")
        }
    }
}
