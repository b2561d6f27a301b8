import AnnotationFormats
import Datasets
import Foundation
import Interchange
import PleuraTesting
import Radiographs
import Testing

/// A folder as another tool leaves it, with real pictures, and what comes of importing it.
struct AnnotationSample {
    let root: TemporaryFolder
    let folder: URL

    /// - Parameter images: Paths inside the folder; each picture is 64 x 48.
    init(images: [String] = [], files: [String: String] = [:]) throws {
        root = try TemporaryFolder()
        folder = root.file("source")
        let picture = try DrawnPictures.flat(width: 64, height: 48, grey: 90).png()
        for path in images { try write(picture, to: path) }
        for (path, text) in files { try write(Data(text.utf8), to: path) }
    }

    func write(_ bytes: Data, to path: String) throws {
        try Files.write(bytes, to: folder.appendingPathComponent(path))
    }

    var source: AnnotationSource { get throws { try AnnotationSource(folder) } }

    /// Imports what is recognised here.
    func outcome(_ path: String? = nil, expecting name: String, sourceLocation: SourceLocation = #_sourceLocation) throws
        -> DatasetImporter.Outcome
    {
        let source = try AnnotationSource(path.map(folder.appendingPathComponent) ?? folder)
        let format = try AnnotationFormats.recognised(source)
        #expect(format.name == name, sourceLocation: sourceLocation)
        return try DatasetImporter().importDataset(source, format: format, to: root.file("dataset-\(UUID().uuidString)"))
    }

    /// Everything that is wrong with it; nothing may be written then.
    func problems(_ format: any AnnotationFormat, sourceLocation: SourceLocation = #_sourceLocation) throws -> [String] {
        let target = root.file("dataset")
        let before = try Files.names(in: root.url)
        let error = #expect(throws: DatasetError.self, sourceLocation: sourceLocation) {
            try DatasetImporter().importDataset(source, format: format, to: target)
        }
        let left = try Files.names(in: root.url)
        #expect(left == before, "nothing is left behind", sourceLocation: sourceLocation)
        return Array(error?.problems ?? [])
    }

    /// Everything that is wrong with a file, alone beside one picture `a.png`.
    static func problems(
        _ format: any AnnotationFormat, _ path: String, _ text: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> [String] {
        try AnnotationSample(images: ["images/a.png"], files: [path: text]).problems(format, sourceLocation: sourceLocation)
    }
}
