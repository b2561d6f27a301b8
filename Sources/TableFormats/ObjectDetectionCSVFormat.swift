import Basics
import Datasets
import Findings
import Foundation
import Geometry
import Interchange

/// The tables from which the TensorFlow Object Detection API's tutorials make records: `train_list.csv` and `test_list.csv`, or
/// `train_labels.csv` and so on, with a row a box. Corners are in pixels.
///
/// The part of an image is what the file's name says. An image without boxes has no row, so it is in none of the files. A
/// `label_map.pbtxt` beside them keeps the ids of the findings.
public struct ObjectDetectionCSVFormat: AnnotationFormat {
    public init() {}

    public var name: String { "od-csv" }
    public var title: String { "Object Detection API tables (train_list.csv, test_list.csv)" }
    public var contents: FormatContents { [.findings, .classIDs, .unusedClasses, .fractions, .parts] }

    static let titles = ["filename", "width", "height", "class", "xmin", "ymin", "xmax", "ymax"]
    /// The file of images that are in no part.
    private static let partless = "annotations"
    private static let suffix = "_list.csv"

    public func recognises(_ source: AnnotationSource) -> Bool { source.files(withSuffix: "csv").contains { Self.isTable($0) } }

    /// These columns and no other: with more it is a `BoxTableFormat`, which has a place for them.
    private static func isTable(_ file: URL) -> Bool { AnnotationTable.titles(of: file).sorted() == titles.sorted() }

    public func read(_ source: AnnotationSource) throws -> AnnotationDocument {
        var images = AnnotatedImages()
        try source.readTables(where: Self.isTable, into: &images) { table, images in
            try Self.read(table, into: &images)
        }
        SourceCompanions.readLabelMap(source, into: &images.document)
        return images.document
    }

    private static func read(_ table: AnnotationTable, into images: inout AnnotatedImages) throws {
        let columns = try table.columns("filename", "class", "width", "height")
        let box = BoxColumns(columns: try table.columns("xmin", "ymin", "xmax", "ymax"), areCorners: true)
        let part = part(of: (table.file.name as NSString).lastPathComponent)
        var names = SharedStrings()
        table.forEachRow(naming: columns[0], into: &images) { row, images in
            guard let name = row[columns[0]] else { throw RowFault("no image") }
            let (width, height) = (try row.pixels(columns[2]), try row.pixels(columns[3]))
            let box = try box.box(row)
            guard (box == nil) == (row[columns[1]] == nil) else { throw RowFault(box == nil ? "no box" : "no finding") }
            let place = row.place
            try images.update(name, place) { image in
                try image.set(\.width, width, "width")
                try image.set(\.height, height, "height")
                try image.set(\.part, part, "part of the split")
                if let box, let label = row[columns[1]] {
                    image.boxes.append(NamedBox(label: names[label], geometry: .pixels(box), place: place))
                }
            }
        }
    }

    static func part(of fileName: String) -> String? {
        if let part = PartNames.part(in: fileName) { return part }
        return fileName == partless + suffix ? nil : PartNames.part(of: fileName, suffix: suffix)
    }

    public func write(_ dataset: Dataset, to folder: URL, options: ExportOptions) throws {
        let names = dataset.findingClasses.names
        let boxed = dataset.images.filter { !$0.boxes.isEmpty }
        let parts = Set(boxed.map(\.part))
        for part in parts.isEmpty ? [nil] : parts {
            let file = part.map { PartNames.fileName($0, suffix: Self.suffix, part: Self.part) } ?? Self.partless + Self.suffix
            let table = try OutputText(folder.appendingPathComponent(file))
            try table.line(Self.titles.joined(separator: ","))
            for image in boxed where image.part == part {
                for annotation in image.boxes {
                    let box = options.roundsToPixels ? annotation.box.roundedToPixels : annotation.box
                    let corners = [box.x, box.y, box.maxX, box.maxY].map(Decimals.shortest).joined(separator: ",")
                    let label = CSVField.quoted(names[annotation.classID] ?? "")
                    try table.line("\(CSVField.quoted(image.fileName)),\(image.width),\(image.height),\(label),\(corners)")
                }
            }
            try table.finish()
        }
        try SourceCompanions.writeLabelMap(dataset, to: folder)
        try ImageLaying(options).lay(dataset, in: folder.appendingPathComponent(Dataset.imagesFolder))
    }
}
