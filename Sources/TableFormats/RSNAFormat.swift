import Basics
import Datasets
import Findings
import Foundation
import Geometry
import Interchange

/// The RSNA Pneumonia Detection Challenge (Shih et al., Radiology: Artificial Intelligence 2019): `stage_2_train_labels.csv` with a row
/// a box of its one finding, Lung Opacity, and one row of Target 0 for an image without; `stage_2_detailed_class_info.csv`, where it is
/// there, says which of those are normal and which only have no opacity.
///
/// `patientId` is the name of the image without suffix, and each is a patient of its own. An export makes Target 1 of every finding.
public struct RSNAFormat: AnnotationFormat {
    public init() {}

    public var name: String { "rsna" }
    public var title: String { "RSNA Pneumonia Detection Challenge (stage_2_train_labels.csv)" }
    public var contents: FormatContents { [.emptyImages, .fractions] }

    static let labelsFile = "stage_2_train_labels.csv"
    static let finding = "Lung Opacity"
    private static let titles = ["patientId", "x", "y", "width", "height", "Target"]

    public func recognises(_ source: AnnotationSource) -> Bool { source.files(withSuffix: "csv").contains { Self.isTable($0) } }

    private static func isTable(_ file: URL) -> Bool {
        AnnotationTable.titles(of: file).sorted() == titles.map { $0.lowercased() }.sorted()
    }

    public func read(_ source: AnnotationSource) throws -> AnnotationDocument {
        var images = AnnotatedImages()
        // Whether a row says of an image that it has a box.
        var targets: [String: Bool] = [:]
        try source.readTables(where: Self.isTable, into: &images) { table, images in
            try Self.read(table, into: &images, &targets)
        }
        for file in RSNAClassInfo.files(of: source) { RSNAClassInfo.read(file, of: source, into: &images) }
        images.document.classes = [FindingClass(id: 1, name: Self.finding)]
        return images.document
    }

    private static func read(_ table: AnnotationTable, into images: inout AnnotatedImages, _ targets: inout [String: Bool]) throws {
        let columns = try table.columns("patientid", "target")
        let box = BoxColumns(columns: try table.columns("x", "y", "width", "height"), areCorners: false)
        table.forEachRow(naming: columns[0], into: &images) { row, images in
            guard let name = row[columns[0]] else { throw RowFault("no patientId") }
            let target = row[columns[1]].flatMap(table.file.number)
            guard target == 0 || target == 1 else { throw RowFault("the Target is neither 0 nor 1") }
            let box = try box.box(row)
            guard (box != nil) == (target == 1) else { throw RowFault(box == nil ? "Target 1 without a box" : "Target 0 with a box") }
            guard targets[name] ?? (box != nil) == (box != nil) else {
                throw RowFault("another Target than in a row above of this image")
            }
            targets[name] = box != nil
            let place = row.place
            images.update(name, place) { image in
                if let box { image.boxes.append(NamedBox(label: Self.finding, geometry: .pixels(box), place: place)) }
            }
        }
    }

    public func write(_ dataset: Dataset, to folder: URL, options: ExportOptions) throws {
        let table = try OutputText(folder.appendingPathComponent(Self.labelsFile))
        try table.line(Self.titles.joined(separator: ","))
        let names = dataset.namesWithoutSuffix
        for (image, name) in zip(dataset.images, names) {
            let name = CSVField.quoted(name)
            if image.boxes.isEmpty { try table.line("\(name),,,,,0") }
            for annotation in image.boxes {
                let box = options.roundsToPixels ? annotation.box.roundedToPixels : annotation.box
                let numbers = [box.x, box.y, box.width, box.height].map(Decimals.shortest).joined(separator: ",")
                try table.line("\(name),\(numbers),1")
            }
        }
        try table.finish()
        try RSNAClassInfo.write(dataset, names, to: folder)
        try ImageLaying(options).lay(dataset, in: folder.appendingPathComponent(Dataset.imagesFolder))
    }
}
