import Basics
import Datasets
import Foundation
import Interchange

/// PhysioNet's `image_labels_train.csv` and `image_labels_test.csv`: a row an image a reader, a column a finding, 1 where the reader
/// says that the image has it. What any reader says, the image has.
enum VinDrImageLabels {
    private static let prefix = "image_labels_"
    private static let partless = "image_labels.csv"

    static func part(of fileName: String) -> String? { PartNames.part(of: fileName, prefix: prefix, suffix: ".csv") }

    /// In the folder of the source; beside a single file they are left aside, for it may be one of two parts.
    static func files(of source: AnnotationSource) -> [URL] {
        guard source.isFolder else { return [] }
        return source.files(withSuffix: "csv").filter {
            $0.lastPathComponent.hasPrefix("image_labels") && AnnotationTable.titles(of: $0).contains("image_id")
        }
    }

    static func read(_ file: URL, of source: AnnotationSource, into images: inout AnnotatedImages) {
        do {
            let table = try AnnotationTable(file, in: source)
            let name = try table.columns("image_id")[0]
            let reader = try table.optionalColumn("rad_id")
            let findings = table.titles.indices.filter { $0 != name && $0 != reader }
            for title in Set(findings.map { table.file.header[$0] }) {
                guard !title.isEmpty, findings.count(where: { table.file.header[$0] == title }) == 1 else {
                    throw DatasetError(.malformed, "\(table.file.name) has a column without a title or twice the same")
                }
            }
            let part = part(of: file.lastPathComponent)
            table.forEachRow(naming: name, into: &images) { row, images in
                guard let image = row[name] else { throw RowFault("no image") }
                let values = findings.map { table.file.number(row.fields[$0]) }
                guard values.allSatisfy({ $0 == 0 || $0 == 1 }) else { throw RowFault("a finding is neither 0 nor 1") }
                let labels = zip(findings, values).filter { $1 == 1 }.map { table.file.header[$0.0] }.filter { $0 != VinDrFormat.noFinding }
                try images.update(image, row.place) {
                    try $0.set(\.part, part, "part of the split")
                    let known = $0.labels ?? []
                    $0.labels = known + labels.filter { !known.contains($0) }
                }
            }
        } catch {
            images.document.problems += (error as? DatasetError)?.problems ?? ["\(source.name(of: file)) cannot be read"]
        }
    }

    /// - Parameter images: Those of the part, with their names in the tables.
    static func write(_ images: [(image: DatasetImage, name: String)], _ part: String?, to folder: URL) throws {
        let labelled = images.filter { $0.image.labels != nil }
        guard !labelled.isEmpty else { return }
        let titles = Set(labelled.flatMap { $0.image.labels ?? [] }).subtracting([VinDrFormat.noFinding]).sorted()
        let file = part.map { PartNames.fileName($0, prefix: prefix, suffix: ".csv", part: Self.part) } ?? partless
        let table = try OutputText(folder.appendingPathComponent(file))
        try table.line((["image_id"] + titles + [VinDrFormat.noFinding]).map(CSVField.quoted).joined(separator: ","))
        for (image, name) in labelled {
            let labels = Set(image.labels ?? [])
            let values = titles.map { labels.contains($0) ? "1" : "0" } + [labels.isEmpty ? "1" : "0"]
            try table.line(CSVField.quoted(name) + "," + values.joined(separator: ","))
        }
        try table.finish()
    }
}
