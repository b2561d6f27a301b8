import Datasets
import Findings
import Foundation
import Interchange

/// Label Studio's JSON: a list of tasks, each an image with the annotations of one or several readers.
///
/// Coordinates: left edge, top edge, width and height in percent of the image, a rectangle perhaps turned clockwise about its top-left
/// corner. A turned rectangle, a polygon and an ellipse become the upright box around them, which is noted. Choices for the whole image
/// are its labels. Annotations that the reader cancelled are left out, and so are tasks that nobody finished; predictions are not read.
///
/// An export lays `tasks.json`, which Label Studio imports with the folder as local storage, and `label_config.xml` for the project.
/// Readers stand in the `meta` of a region: Label Studio refuses a file whose `completed_by` is none of its users.
public struct LabelStudioFormat: AnnotationFormat {
    public init() {}

    public var name: String { "labelstudio" }
    public var title: String { "Label Studio JSON" }
    public var contents: FormatContents {
        [.findings, .emptyImages, .fractions, .patients, .views, .parts, .readers, .agreement, .imageLabels, .attributes]
    }

    public func recognises(_ source: AnnotationSource) -> Bool { source.files(withSuffix: "json").prefix(32).contains(where: Self.isOne) }

    private static func isOne(_ file: URL) -> Bool {
        let outline = JSONOutline(of: file)
        let work: Set = ["annotations", "predictions", "completions", "id"]
        return outline.kind == .list && outline.keys.contains("data") && !outline.keys.isDisjoint(with: work)
    }

    public func read(_ source: AnnotationSource) throws -> AnnotationDocument {
        let all = source.files(withSuffix: "json")
        guard !all.isEmpty else { throw DatasetError(.missing, "no JSON file is there") }
        let found = source.isFolder ? all.filter(Self.isOne) : all
        var reading = LabelStudioReading(ImageIndex(source))
        for file in found.isEmpty ? all : found {
            let name = source.name(of: file)
            do {
                let tasks = try JSONText.decode([Checked<LabelStudioTask>].self, from: try source.bytes(of: file), name: name)
                for (index, checked) in tasks.enumerated() { reading.read(checked, place: "\(name), task \(index + 1)") }
            } catch let error as DatasetError {
                reading.document.problems += error.problems
            }
        }
        return reading.finished()
    }

    public func write(_ dataset: Dataset, to folder: URL, options: ExportOptions) throws {
        let names = dataset.findingClasses.names
        var list = try JSONListText(folder.appendingPathComponent("tasks.json"))
        for image in dataset.images {
            try list.append(try LabelStudioOutput.Task(image, names: names, roundsToPixels: options.roundsToPixels))
        }
        try list.finish()
        let configuration = try OutputText(folder.appendingPathComponent("label_config.xml"))
        try configuration.write(LabelStudioOutput.configuration(dataset))
        try configuration.finish()
        try ImageLaying(options).lay(dataset, in: folder.appendingPathComponent(Dataset.imagesFolder))
    }
}
