import Datasets
import Findings
import Foundation
import Geometry
import Interchange

/// ChestX-Det10 (Liu, Lian and Yu, arXiv:2006.10550): `train.json` and `test.json`, each a list of images with their findings (`syms`) and as
/// many `boxes`; an image with empty lists is normal. The outlines of ChestX-Det (13 findings) are not carried.
///
/// Coordinates: `[left, top, right, bottom]`, edges in pixels, counted from 0 at the image's left and top.
public struct ChestXDet10Format: AnnotationFormat {
    public init() {}

    public var name: String { "chestxdet" }
    public var title: String { "ChestX-Det10 JSON" }
    public var contents: FormatContents { [.findings, .emptyImages, .fractions, .parts] }

    private static let stem = "ChestX_Det10"

    private struct Record: Codable {
        var fileName: String
        var findings: [String]
        var boxes: [[Double]]

        enum CodingKeys: String, CodingKey {
            case boxes
            case fileName = "file_name"
            case findings = "syms"
        }
    }

    /// A record as it is read: each box on its own.
    private struct ReadRecord: Decodable {
        var fileName: String
        var findings: [String]
        var boxes: [Checked<[LooseNumber]>]
        var polygons: Presence?

        enum CodingKeys: String, CodingKey {
            case boxes, polygons
            case fileName = "file_name"
            case findings = "syms"
        }
    }

    public func recognises(_ source: AnnotationSource) -> Bool { source.files(withSuffix: "json").prefix(32).contains(where: Self.isOne) }

    private static func isOne(_ file: URL) -> Bool {
        let outline = JSONOutline(of: file)
        return outline.kind == .list && outline.keys.isSuperset(of: ["file_name", "syms"])
    }

    public func read(_ source: AnnotationSource) throws -> AnnotationDocument {
        let all = source.files(withSuffix: "json")
        let found = source.isFolder ? all.filter(Self.isOne) : all
        guard !all.isEmpty else { throw DatasetError(.missing, "no JSON file is there") }
        var document = AnnotationDocument()
        var names: Set<String> = []
        var outlines = 0
        for file in found.isEmpty ? all : found {
            let name = source.name(of: file)
            let part = Self.part(of: file, name: name)
            do {
                let records = try JSONText.decode([Checked<ReadRecord>].self, from: try source.bytes(of: file), name: name)
                for (index, checked) in records.enumerated() {
                    let place = "\(name), image \(index + 1)"
                    guard let record = checked.value(place, &document.problems) else { continue }
                    if !names.insert(record.fileName).inserted {
                        document.notes.append("\(place): its file name occurs twice; the boxes of both are of one image")
                    }
                    if record.polygons?.isThere == true { outlines += 1 }
                    var image = AnnotatedImage(name: record.fileName, part: part, place: place)
                    guard record.findings.count == record.boxes.count else {
                        document.problems.append("\(place): \(record.findings.count) findings and \(record.boxes.count) boxes")
                        image.lostBoxes = max(record.findings.count, record.boxes.count)
                        image.isOptional = true
                        document.images.append(image)
                        continue
                    }
                    image.boxes = boxes(record, place, &document.problems)
                    image.lostBoxes = record.boxes.count - image.boxes.count
                    document.images.append(image)
                }
            } catch let error as DatasetError {
                document.problems += error.problems
            }
        }
        if outlines > 0 { document.notes.append("the outlines on \(outlines) images are not carried") }
        return document
    }

    private func boxes(_ record: ReadRecord, _ place: String, _ problems: inout ProblemList) -> [NamedBox] {
        var boxes: [NamedBox] = []
        for (index, item) in zip(record.findings, record.boxes).enumerated() {
            let place = "\(place), box \(index + 1)"
            guard let edges = item.1.value(place, &problems)?.map(\.value) else { continue }
            if edges.count != 4 {
                problems.append("\(place): not four numbers")
            } else if item.0.isEmpty {
                problems.append("\(place): no finding")
            } else {
                let box = Box(x0: edges[0], y0: edges[1], x1: edges[2], y1: edges[3])
                boxes.append(NamedBox(label: item.0, geometry: .pixels(box), place: place))
            }
        }
        return boxes
    }

    private static func part(of file: URL, name: String) -> String? {
        let own = file.deletingPathExtension().lastPathComponent
        if own == stem { return nil }
        return own.hasPrefix(stem + "_") ? String(own.dropFirst(stem.count + 1)) : PartNames.part(ofPath: name)
    }

    public func write(_ dataset: Dataset, to folder: URL, options: ExportOptions) throws {
        let names = dataset.findingClasses.names
        var lists: [String: JSONListText] = [:]
        for image in dataset.images {
            let file = try image.part.map { "\(Self.stem)_\(try PartNames.fileName($0)).json" } ?? "\(Self.stem).json"
            if lists[file] == nil { lists[file] = try JSONListText(folder.appendingPathComponent(file)) }
            let boxes = image.boxes.map { options.roundsToPixels ? $0.box.roundedToPixels : $0.box }
            try lists[file]?.append(
                Record(
                    fileName: image.fileName, findings: image.boxes.map { names[$0.classID] ?? "" },
                    boxes: boxes.map { [$0.x, $0.y, $0.maxX, $0.maxY] }))
        }
        for list in lists.values { try list.finish() }
        try ImageLaying(options).lay(dataset, in: folder.appendingPathComponent(Dataset.imagesFolder))
    }
}
