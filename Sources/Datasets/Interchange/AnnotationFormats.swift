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
            throw DatasetError(.malformed, "no annotation format is recognised here; --format names one of \(names)")
        }
        return format
    }

    /// For messages.
    public static var names: String { all.map(\.name).joined(separator: ", ") }
}
