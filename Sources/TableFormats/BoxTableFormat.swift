import Basics
import Datasets
import Findings
import Foundation
import Geometry
import Interchange

/// A table of boxes under a header of our own making, or of anybody's whose titles say what the columns are (`BoxTableColumns`): the
/// format that carries all a dataset has but its pixels.
///
/// A row is a box; a row without label and box is an image without boxes. What a row says of its image (patient, view, part, size,
/// labels) must be the same in all rows of the image. Columns of other titles are attributes of the image. Labels of the whole image
/// are parted by `|`, and `No Finding` is a normal image. A `label_map.pbtxt` and a `folds.csv` beside the table keep ids and folds.
public struct BoxTableFormat: AnnotationFormat {
    public init() {}

    public var name: String { "csv" }
    public var title: String { "table of boxes (image, label, x, y, width, height and more)" }
    public var contents: FormatContents {
        [
            .findings, .classIDs, .unusedClasses, .emptyImages, .fractions, .patients, .views, .parts, .folds, .readers, .agreement,
            .imageLabels, .attributes,
        ]
    }

    static let tableFile = "boxes.csv"
    /// Before the title of an attribute that has the name of another column.
    static let attributePrefix = "attribute:"

    public func recognises(_ source: AnnotationSource) -> Bool { source.files(withSuffix: "csv").contains { Self.isTable($0) } }

    private static func isTable(_ file: URL) -> Bool {
        let titles = AnnotationTable.titles(of: file)
        return BoxTableColumns.areBoxes(titles)
    }

    public func read(_ source: AnnotationSource) throws -> AnnotationDocument {
        var images = AnnotatedImages()
        try source.readTables(where: Self.isTable, into: &images) { table, images in
            try Self.read(table, into: &images)
        }
        SourceCompanions.readLabelMap(source, into: &images.document)
        SourceCompanions.readFolds(source, into: &images.document)
        return images.document
    }

    private static func read(_ table: AnnotationTable, into images: inout AnnotatedImages) throws {
        let columns = try BoxTableColumns(table)
        var texts = SharedStrings()
        // Columns that say different things of one image, as one that belongs to the boxes does.
        var varying: Set<Int> = []
        table.forEachRow(naming: columns.image, into: &images) { row, images in
            guard let name = row[columns.image] else { throw RowFault("no image") }
            let box = try columns.box.box(row)
            let label = row[columns.label]
            guard (box == nil) == (label == nil) else { throw RowFault(box == nil ? "a finding without a box" : "no finding") }
            let agreement = try row[columns.agreement].map {
                guard let number = table.file.number($0), (0...1).contains(number) else {
                    throw RowFault("the agreement is not between 0 and 1")
                }
                return number
            }
            let (width, height) = (try row.pixels(columns.imageWidth), try row.pixels(columns.imageHeight))
            let place = row.place
            try images.update(name, place) { image in
                try image.set(\.width, width, "width")
                try image.set(\.height, height, "height")
                try image.set(\.patient, row[columns.patient], "patient")
                try image.set(\.view, row[columns.view], "view")
                try image.set(\.part, row[columns.part].map(PartNames.canonical), "part of the split")
                try image.set(\.labels, row[columns.labels].map(ImageLabelText.labels), "list of labels")
                for (title, column) in columns.attributes {
                    guard let value = row[column] else { continue }
                    if image.attributes[title] ?? value == value { image.attributes[title] = value } else { varying.insert(column) }
                }
                guard let box, let label else { return }
                image.boxes.append(
                    NamedBox(
                        label: texts[label], geometry: .pixels(box), reader: row[columns.reader].map { texts[$0] }, agreement: agreement,
                        place: place))
            }
        }
        images.document.notes += varying.sorted().map {
            "\(table.file.name): the column \"\(table.file.header[$0])\" differs between rows of one image; each image keeps its first value"
        }
    }

    public func write(_ dataset: Dataset, to folder: URL, options: ExportOptions) throws {
        let names = dataset.findingClasses.names
        let attributes = Set(dataset.images.flatMap(\.attributes.keys)).sorted()
        let table = try OutputText(folder.appendingPathComponent(Self.tableFile))
        try table.line((BoxTableColumns.written + attributes.map(BoxTableColumns.title)).map(CSVField.quoted).joined(separator: ","))
        for image in dataset.images {
            let name = CSVField.quoted(image.fileName)
            let labels = image.labels.map(ImageLabelText.text) ?? ""
            let ofImage =
                ([image.patient, image.view ?? "", image.part ?? "", String(image.width), String(image.height), labels]
                + attributes.map { image.attributes[$0] ?? "" }).map(CSVField.quoted).joined(separator: ",")
            if image.boxes.isEmpty { try table.line("\(name),,,,,,,,\(ofImage)") }
            for annotation in image.boxes {
                let box = options.roundsToPixels ? annotation.box.roundedToPixels : annotation.box
                let numbers = [box.x, box.y, box.width, box.height].map(Decimals.shortest).joined(separator: ",")
                let label = CSVField.quoted(names[annotation.classID] ?? "")
                let agreement = annotation.agreement.map(Decimals.shortest) ?? ""
                try table.line("\(name),\(label),\(numbers),\(CSVField.quoted(annotation.reader ?? "")),\(agreement),\(ofImage)")
            }
        }
        try table.finish()
        try SourceCompanions.writeLabelMap(dataset, to: folder)
        try SourceCompanions.writeFolds(dataset, to: folder)
        try ImageLaying(options).lay(dataset, in: folder.appendingPathComponent(Dataset.imagesFolder))
    }
}
