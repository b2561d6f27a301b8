import Datasets
import DocumentFormats
import Foundation
import Interchange
import TableFormats

/// All formats that can be imported and exported.
public enum AnnotationFormats {
    /// In the order in which a source is shown to them: those that only they recognise come first.
    public static let all: [any AnnotationFormat] = [
        NIHFormat(), ObjectDetectionCSVFormat(), RSNAFormat(), VinDrFormat(), BoxTableFormat(), CVATFormat(), PascalVOCFormat(),
        ChestXDet10Format(), LabelStudioFormat(), COCOFormat(), YOLOFormat(), TFRecordFormat(),
    ]

    public static func named(_ name: String) -> (any AnnotationFormat)? { all.first { $0.name == name } }

    /// The first that recognises the source.
    /// - Throws: `DatasetError` where none does.
    public static func recognised(_ source: AnnotationSource) throws -> any AnnotationFormat {
        guard let format = all.first(where: { $0.recognises(source) }) else {
            try checkSyntax(source)
            throw DatasetError(.malformed, "no annotation format is recognised here; --format names one of \(names)")
        }
        return format
    }

    /// A file that is broken as JSON or XML is told as that, and a table by how it was taken apart: what it should have been cannot be
    /// recognised any more.
    private static func checkSyntax(_ source: AnnotationSource) throws {
        var table: String?
        for file in source.files(withSuffix: "json", "xml", "csv").prefix(32) where file.lastPathComponent != Dataset.foldsFile {
            let name = source.name(of: file)
            switch file.pathExtension.lowercased() {
            case "json": try JSONText.check(source.bytes(of: file), name: name)
            case "xml": _ = try XMLText.checked(source.bytes(of: file), name: name)
            default:
                let file = try CSVFile(file, name: name)
                table =
                    table
                    ?? "\(name), row 1: \(file.header.count) fields parted by \(file.separatorName); expected titles that name an image, a "
                    + "finding and a box, such as image, label, x, y, width, height"
            }
        }
        if let table { throw DatasetError(.malformed, table) }
    }

    /// For messages.
    public static var names: String { all.map(\.name).joined(separator: ", ") }
}
