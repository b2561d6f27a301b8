import Basics
import Datasets
import Foundation
import Interchange

/// `stage_2_detailed_class_info.csv`: which of three kinds an image is of. An image without a box that is "No Lung Opacity / Not Normal"
/// has something else, so it is no normal image.
enum RSNAClassInfo {
    static let fileName = "stage_2_detailed_class_info.csv"
    private static let normal = "Normal"
    static let notNormal = "No Lung Opacity / Not Normal"

    /// In the folder of the source, or beside it.
    static func files(of source: AnnotationSource) -> [URL] {
        let beside = source.url.deletingLastPathComponent().appendingPathComponent(fileName)
        return (source.isFolder ? source.files(withSuffix: "csv") : [beside]).filter {
            AnnotationTable.titles(of: $0).sorted() == ["class", "patientid"]
        }
    }

    /// Sets the labels of the images that the table of boxes has.
    static func read(_ file: URL, of source: AnnotationSource, into images: inout AnnotatedImages) {
        do {
            let table = try AnnotationTable(file, in: source)
            let columns = try table.columns("patientid", "class")
            table.forEachRow(naming: columns[0], into: &images) { row, images in
                guard let name = row[columns[0]], images.contains(name, row.place) else {
                    throw RowFault("an image of which no row above tells a Target")
                }
                let labels: [String]
                switch row[columns[1]] {
                case normal: labels = []
                case notNormal: labels = [notNormal]
                case RSNAFormat.finding: labels = [RSNAFormat.finding]
                default: throw RowFault("the class is none of the three")
                }
                try images.update(name, row.place) { image in
                    guard image.boxes.isEmpty == (labels != [RSNAFormat.finding]) else {
                        throw RowFault("another class than the Target says")
                    }
                    try image.set(\.labels, labels, "class")
                }
            }
        } catch {
            images.document.problems += (error as? DatasetError)?.problems ?? ["\(source.name(of: file)) cannot be read"]
        }
    }

    /// Only of images of which it is known: one without boxes and without labels is in the table of boxes alone.
    static func write(_ dataset: Dataset, _ names: [String], to folder: URL) throws {
        guard dataset.images.contains(where: { $0.labels != nil }) else { return }
        let table = try OutputText(folder.appendingPathComponent(fileName))
        try table.line("patientId,class")
        for (image, name) in zip(dataset.images, names) {
            guard !image.boxes.isEmpty || image.labels != nil else { continue }
            let kind = !image.boxes.isEmpty ? RSNAFormat.finding : image.isNormal ? normal : notNormal
            try table.line("\(CSVField.quoted(name)),\(kind)")
        }
        try table.finish()
    }
}
