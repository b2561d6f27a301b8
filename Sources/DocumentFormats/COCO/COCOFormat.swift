import Datasets
import Findings
import Foundation
import Interchange

/// COCO's instances (Lin et al., ECCV 2014), one JSON file or one a part, and Pleura's own dataset directory, which is the same with
/// further keys: `patient`, `view`, `part`, `labels`, `attributes` and `unknown` of an image, `reader` and `agreement` of a box.
///
/// Coordinates: `bbox` is left edge, top edge, width and height in pixels, counted from 0 at the image's left and top.
///
/// A `label_map.pbtxt` beside the file says the ids of the findings; else the categories do. Crowds (`iscrowd`) are left out and outlines
/// (`segmentation`) are not carried.
public struct COCOFormat: AnnotationFormat {
    public init() {}

    public var name: String { "coco" }
    public var title: String { "COCO JSON, and a Pleura dataset directory" }
    public var contents: FormatContents {
        [
            .findings, .classIDs, .unusedClasses, .emptyImages, .fractions, .patients, .views, .parts, .folds, .readers, .agreement,
            .imageLabels, .attributes, .sources,
        ]
    }

    public func recognises(_ source: AnnotationSource) -> Bool {
        source.files(withSuffix: "json").prefix(32).contains { Self.isInstances(JSONOutline(of: $0)) }
    }

    private static func isInstances(_ outline: JSONOutline) -> Bool {
        guard outline.kind == .object else { return false }
        let found = outline.keys.intersection(["images", "annotations", "categories"])
        // The head of a large file shows the first list only.
        let inner = outline.allKeys.intersection(["file_name", "image_id", "supercategory"])
        return found.count >= 2 || (!found.isEmpty && !inner.isEmpty)
    }

    public func read(_ source: AnnotationSource) throws -> AnnotationDocument {
        let files = Self.files(of: source)
        guard !files.isEmpty else { throw DatasetError(.missing, "no JSON file is there") }
        var reading = COCOReading(labelMap: try SourceCompanions.labelMap(of: source))
        for file in files {
            let name = source.name(of: file)
            do {
                try reading.read(source.bytes(of: file), name: name)
            } catch let error as DatasetError where files.count > 1 {
                reading.document.problems += error.problems
            }
        }
        var document = reading.finished()
        SourceCompanions.readFolds(source, into: &document)
        SourceCompanions.readSources(source, into: &document)
        return document
    }

    /// COCO's own folder has key points and captions of the same images beside the instances.
    private static func files(of source: AnnotationSource) -> [URL] {
        let files = source.files(withSuffix: "json")
        guard source.isFolder else { return files }
        let instances = files.filter { $0.lastPathComponent.hasPrefix("instances_") }
        let found = (instances.isEmpty ? files : instances).filter { isInstances(JSONOutline(of: $0)) }
        // Of files that are none of COCO's, the one that should be says what is wrong.
        return found.isEmpty ? files.filter { $0.lastPathComponent == Dataset.annotationsFile } : found
    }

    public func write(_ dataset: Dataset, to folder: URL, options: ExportOptions) throws {
        var rounded = dataset
        if options.roundsToPixels {
            for image in rounded.images.indices {
                for box in rounded.images[image].boxes.indices {
                    rounded.images[image].boxes[box].box = rounded.images[image].boxes[box].box.roundedToPixels
                }
            }
        }
        try rounded.write(to: folder)
        try ImageLaying(options).lay(dataset, in: folder.appendingPathComponent(Dataset.imagesFolder))
    }
}
