import Basics
import Datasets
import Findings
import Foundation
import Geometry
import Interchange

/// VinDr-CXR (Nguyen et al., Scientific Data 2022): Kaggle's `train.csv` or PhysioNet's `annotations_train.csv` and
/// `annotations_test.csv`, with a row a box a reader, corners in pixels; and PhysioNet's `image_labels_….csv` where they are there.
/// The copies in which Kaggle's images are smaller have `width` and `height` of the original: boxes are fractions of those.
///
/// A reader who found nothing has a row "No finding" without a box. Where others drew boxes on the image it keeps them, and all who looked
/// are its attribute `readers`, for `ReaderMerging`. The part of an image
/// is in its file's name after `annotations_`. Ids of the file are from 0, so a finding's id is that and one; tables without ids get
/// them in alphabetical order.
public struct VinDrFormat: AnnotationFormat {
    public init() {}

    public var name: String { "vindr" }
    public var title: String { "VinDr-CXR (train.csv, annotations_test.csv)" }
    public var contents: FormatContents { [.findings, .classIDs, .emptyImages, .fractions, .readers, .parts, .imageLabels] }

    static let noFinding = "No finding"
    /// Kaggle's id of "No finding".
    private static let noFindingID = 14
    static let trainFile = "train.csv"
    private static let prefix = "annotations_"
    private static let required: Set<String> = ["image_id", "class_name", "x_min", "y_min", "x_max", "y_max"]
    private static let optional: Set<String> = ["class_id", "rad_id", "width", "height"]

    public func recognises(_ source: AnnotationSource) -> Bool { source.files(withSuffix: "csv").contains { Self.isTable($0) } }

    /// These columns and no other: with more it is a `BoxTableFormat`, which has a place for them.
    private static func isTable(_ file: URL) -> Bool {
        let titles = Set(AnnotationTable.titles(of: file))
        return titles.isSuperset(of: required) && titles.subtracting(required).isSubset(of: optional)
    }

    public func read(_ source: AnnotationSource) throws -> AnnotationDocument {
        var images = AnnotatedImages()
        var classes = VinDrClasses()
        try source.readTables(where: Self.isTable, into: &images) { table, images in
            try Self.read(table, into: &images, &classes)
        }
        for file in VinDrImageLabels.files(of: source) { VinDrImageLabels.read(file, of: source, into: &images) }
        images.document.classes = classes.findingClasses
        return images.document
    }

    private static func read(_ table: AnnotationTable, into images: inout AnnotatedImages, _ classes: inout VinDrClasses) throws {
        let columns = try table.columns("image_id", "class_name")
        let box = BoxColumns(columns: try table.columns("x_min", "y_min", "x_max", "y_max"), areCorners: true)
        let (id, reader) = (try table.optionalColumn("class_id"), try table.optionalColumn("rad_id"))
        let (width, height) = (try table.optionalColumn("width"), try table.optionalColumn("height"))
        guard (width == nil) == (height == nil) else {
            throw DatasetError(.malformed, "\(table.file.name) has one of the columns \"width\" and \"height\" without the other")
        }
        let part = part(of: (table.file.name as NSString).lastPathComponent)
        var texts = SharedStrings()
        var sizes: [String: [Int]] = [:]
        var silent: [String: Set<String>] = [:]
        table.forEachRow(naming: columns[0], into: &images) { row, images in
            guard let name = row[columns[0]] else { throw RowFault("no image") }
            guard let label = row[columns[1]] else { throw RowFault("no finding") }
            let box = try box.box(row)
            guard (box == nil) == (label == noFinding) else { throw RowFault(box == nil ? "no box" : "a box of \"\(noFinding)\"") }
            var geometry = box.map { NamedBox.Geometry.pixels($0) }
            if width != nil {
                guard let columns = try row.pixels(width), let rows = try row.pixels(height) else { throw RowFault("no width and height") }
                let size = [columns, rows]
                guard sizes[name] ?? size == size else { throw RowFault("another size than in a row above of this image") }
                sizes[name] = size
                geometry = box.map { .relative($0.divided(byWidth: Double(columns), height: Double(rows))) }
            }
            if id != nil, box != nil { try classes.add(label, row[id]) }
            if box == nil, let reader = row[reader] { silent[name, default: []].insert(reader) }
            let place = row.place
            try images.update(name, place) { image in
                try image.set(\.part, part, "part of the split")
                guard let geometry else { return }
                image.boxes.append(NamedBox(label: texts[label], geometry: geometry, reader: row[reader].map { texts[$0] }, place: place))
            }
        }
        if id == nil { classes.hasTableWithoutIDs = true }
        for index in images.document.images.indices {
            let image = images.document.images[index]
            guard let others = silent[image.name], !image.boxes.isEmpty else { continue }
            let readers = others.union(image.boxes.compactMap(\.reader)).sorted()
            images.document.images[index].attributes[ReaderMerging.readersAttribute] = readers.joined(separator: "|")
        }
    }

    static func part(of fileName: String) -> String? { PartNames.part(of: fileName, prefix: prefix, suffix: ".csv") }

    public func write(_ dataset: Dataset, to folder: URL, options: ExportOptions) throws {
        let classes = Dictionary(dataset.findingClasses.map { ($0.id, $0) }) { first, _ in first }
        let noFindingID = max(Self.noFindingID, dataset.findingClasses.map(\.id).max() ?? 0)
        let named = Array(zip(dataset.images, dataset.namesWithoutSuffix))
        let parts = Set(dataset.images.map(\.part))
        for part in parts {
            let file = part.map { PartNames.fileName($0, prefix: Self.prefix, suffix: ".csv", part: Self.part) } ?? Self.trainFile
            let images = named.filter { $0.0.part == part }.map { (image: $0.0, name: $0.1) }
            try VinDrImageLabels.write(images, part, to: folder)
            // One with labels and no box is not normal: only the table of labels has it.
            let told = images.filter { $0.image.isNormal || !$0.image.boxes.isEmpty }
            guard !told.isEmpty || parts.count == 1 else { continue }
            let table = try OutputText(folder.appendingPathComponent(file))
            try table.line("image_id,class_name,class_id,rad_id,x_min,y_min,x_max,y_max")
            for (image, name) in told {
                let name = CSVField.quoted(name)
                for reader in ReaderMerging.silentReaders(of: image) {
                    try table.line("\(name),\(Self.noFinding),\(noFindingID),\(CSVField.quoted(reader)),,,,")
                }
                if image.boxes.isEmpty { try table.line("\(name),\(Self.noFinding),\(noFindingID),,,,,") }
                for annotation in image.boxes {
                    let box = options.roundsToPixels ? annotation.box.roundedToPixels : annotation.box
                    let corners = [box.x, box.y, box.maxX, box.maxY].map(Decimals.shortest).joined(separator: ",")
                    let label = CSVField.quoted(classes[annotation.classID]?.name ?? "")
                    try table.line("\(name),\(label),\(annotation.classID - 1),\(CSVField.quoted(annotation.reader ?? "")),\(corners)")
                }
            }
            try table.finish()
        }
        try ImageLaying(options).lay(dataset, in: folder.appendingPathComponent(Dataset.imagesFolder))
    }
}

extension Box {
    /// In fractions of an image of `width` x `height` pixels.
    fileprivate func divided(byWidth width: Double, height: Double) -> Box {
        Box(x: x / width, y: y / height, width: self.width / width, height: self.height / height)
    }
}
