import AnnotationFormats
import Datasets
import Foundation
import Interchange
import PleuraTesting
import Radiographs
import TableFormats
import Testing

/// A folder with tables and pictures, as a person would hand it to an import.
struct TableSource {
    let root: TemporaryFolder

    /// - Parameters:
    ///   - tables: Text by file name.
    ///   - images: Paths below the folder, each a picture of 64 x 48 pixels.
    func make(_ tables: [String: String], images: [String] = ["images/one.png", "images/two.png"]) throws -> URL {
        let folder = root.file("source-\(UUID().uuidString)")
        let picture = try DrawnPictures.flat(width: 64, height: 48, grey: 90).png()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for name in images { try Files.write(picture, to: folder.appendingPathComponent(name)) }
        for (name, text) in tables { try Files.write(Data(text.utf8), to: folder.appendingPathComponent(name)) }
        return folder
    }

    /// Has the source recognised, and imports it.
    func outcome(_ source: URL, _ format: any AnnotationFormat, skipsInvalid: Bool = false) throws -> DatasetImporter.Outcome {
        var importer = DatasetImporter()
        importer.skipsInvalid = skipsInvalid
        let recognised = try AnnotationFormats.recognised(AnnotationSource(source)).name
        #expect(recognised == format.name)
        return try importer.importDataset(AnnotationSource(source), format: format, to: root.file("dataset-\(UUID().uuidString)"))
    }

    func dataset(_ tables: [String: String], _ format: any AnnotationFormat) throws -> Dataset {
        try outcome(make(tables), format).dataset
    }

    /// What is wrong with tables that are forced to be read in a format; expects that nothing is written.
    func problems(
        _ tables: [String: String], _ format: any AnnotationFormat, images: [String] = ["images/one.png", "images/two.png"],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> [String] {
        let folder = try make(tables, images: images)
        let before = try Files.names(in: root.url)
        let error = #expect(throws: DatasetError.self, sourceLocation: sourceLocation) {
            try DatasetImporter().importDataset(AnnotationSource(folder), format: format, to: root.file("dataset"))
        }
        #expect(try Files.names(in: root.url) == before, sourceLocation: sourceLocation)
        return error.map { Array($0.problems) } ?? []
    }
}

/// One of the formats that are tables, with what a test needs to write it by hand.
struct TableKind: CustomTestStringConvertible, Sendable {
    let format: any AnnotationFormat
    let file: String
    let header: String
    /// A row of an image's name and the four fields of its box: left, top, width, height, as numbers or as anything else.
    let row: @Sendable (_ image: String, _ box: [String]) -> String

    var testDescription: String { format.name }

    /// Right and bottom of a left, top, width and height, where they are numbers.
    private static func corners(_ box: [String]) -> String {
        func sum(_ start: String, _ extent: String) -> String {
            guard let start = Double(start), let extent = Double(extent), extent.isFinite else { return extent }
            return "\(start + extent)"
        }
        return [box[0], box[1], sum(box[0], box[2]), sum(box[1], box[3])].joined(separator: ",")
    }

    static let all = [
        TableKind(format: ObjectDetectionCSVFormat(), file: "train_list.csv", header: "filename,width,height,class,xmin,ymin,xmax,ymax") {
            "\($0),64,48,Mass,\(corners($1))"
        },
        TableKind(format: RSNAFormat(), file: "stage_2_train_labels.csv", header: "patientId,x,y,width,height,Target") {
            "\($0),\($1.joined(separator: ",")),1"
        },
        TableKind(
            format: VinDrFormat(), file: "train.csv", header: "image_id,class_name,class_id,rad_id,x_min,y_min,x_max,y_max"
        ) { "\($0),Nodule/Mass,8,R9,\(corners($1))" },
        TableKind(format: BoxTableFormat(), file: "boxes.csv", header: "image,label,x,y,w,h") { "\($0),Mass,\($1.joined(separator: ","))" },
    ]
}
