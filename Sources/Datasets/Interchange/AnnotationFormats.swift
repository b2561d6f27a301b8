import Foundation

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

    /// A single file that is broken as JSON or XML is told as that: what it should have been cannot be recognised any more.
    private static func checkSyntax(_ source: AnnotationSource) throws {
        guard !source.isFolder else { return }
        let name = source.name(of: source.url)
        switch source.url.pathExtension.lowercased() {
        case "json": try JSONText.check(source.bytes(of: source.url), name: name)
        case "xml": _ = try XMLText.checked(source.bytes(of: source.url), name: name)
        default: break
        }
    }

    /// For messages.
    public static var names: String { all.map(\.name).joined(separator: ", ") }
}
