import Basics
import Datasets
import Findings
import Foundation
import Interchange

/// CVAT for images 1.1: one XML file with the labels in their order, the images, and their shapes.
///
/// Coordinates: `xtl`, `ytl`, `xbr`, `ybr` are edges in pixels, counted from 0 at the image's left and top; `rotation` turns the box
/// clockwise about its middle. A turned box, a polygon, a mask and an ellipse become the upright box around them, which is noted;
/// lines, points, cuboids and skeletons are not carried, and an
/// image that has nothing else is no normal one. A track of a video is one box a frame, on the image whose `id` is the frame's number, or on
/// the picture that CVAT calls by that number. Tags are labels of the whole image; the tag `No Finding` says that it has none.
/// Readers and agreement are attributes of a box.
public struct CVATFormat: AnnotationFormat {
    public init() {}

    public var name: String { "cvat" }
    public var title: String { "CVAT for images 1.1 XML" }
    public var contents: FormatContents {
        [.findings, .classIDs, .unusedClasses, .emptyImages, .fractions, .parts, .readers, .agreement, .imageLabels]
    }

    static let fileName = "annotations.xml"
    static let noFinding = "No Finding"

    public func recognises(_ source: AnnotationSource) -> Bool { source.files(withSuffix: "xml").prefix(8).contains(where: Self.isOne) }

    private static func isOne(_ file: URL) -> Bool {
        XMLText.root(of: FileHead.bytes(of: file, count: 4096)) == CVATAnnotations.root
    }

    /// Whether pictures lie there that are called as CVAT calls the frames of a video, such as `frame_000012.png`.
    private static func hasFrames(_ source: AnnotationSource) -> Bool {
        let beside = source.isFolder ? source.files : FolderWalk.files(in: source.url.deletingLastPathComponent())
        return (beside + source.imageFolders.flatMap(FolderWalk.files)).contains {
            $0.deletingPathExtension().lastPathComponent.wholeMatch(of: /frame_[0-9]{6,}/) != nil
        }
    }

    public func read(_ source: AnnotationSource) throws -> AnnotationDocument {
        let all = source.files(withSuffix: "xml")
        guard !all.isEmpty else { throw DatasetError(.missing, "no XML file is there") }
        let found = source.isFolder ? all.filter(Self.isOne) : all
        var reading = CVATReading()
        for file in found.isEmpty ? all : found {
            let name = source.name(of: file)
            do {
                let annotations = try XMLText.decode(
                    CVATAnnotations.self, root: CVATAnnotations.root, from: source.bytes(of: file), name: name)
                reading.read(annotations, name, hasFrames: !annotations.tracks.isEmpty && Self.hasFrames(source))
            } catch let error as DatasetError {
                reading.document.problems += error.problems
            }
        }
        return reading.finished()
    }

    public func write(_ dataset: Dataset, to folder: URL, options: ExportOptions) throws {
        let text = try OutputText(folder.appendingPathComponent(Self.fileName))
        let output = CVATOutput(dataset, roundsToPixels: options.roundsToPixels)
        try text.write(output.head())
        for (index, image) in dataset.images.enumerated() { try text.write(output.element(image, number: index)) }
        try text.write("</annotations>\n")
        try text.finish()
        try ImageLaying(options).lay(dataset, in: folder.appendingPathComponent(Dataset.imagesFolder))
    }
}
