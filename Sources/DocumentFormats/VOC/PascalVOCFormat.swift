import Basics
import Datasets
import Findings
import Foundation
import Interchange

/// Pascal VOC (Everingham et al., IJCV 2010) as labelImg writes it, an XML file an image, and as the VOC devkit lays it: `Annotations/`,
/// `JPEGImages/` and `ImageSets/Main/train.txt` with the names of a part's images.
///
/// Coordinates: `xmin`, `ymin`, `xmax`, `ymax` are taken and written as edges in pixels, counted from 0 at the image's left and top, as
/// labelImg means them and as the TensorFlow Object Detection API reads them. The devkit's own files count pixels from 1 and include the
/// last one; a box of theirs is off by one pixel at its left and top edge. Decimals are read, and written where a box has them.
public struct PascalVOCFormat: AnnotationFormat {
    public init() {}

    public var name: String { "voc" }
    public var title: String { "Pascal VOC XML (labelImg)" }
    public var contents: FormatContents { [.findings, .emptyImages, .fractions, .parts] }

    static let annotationsFolder = "Annotations"
    static let imageSets = "ImageSets/Main"

    public func recognises(_ source: AnnotationSource) -> Bool {
        source.files(withSuffix: "xml").prefix(8).contains {
            XMLText.root(of: FileHead.bytes(of: $0, count: 4096)) == VOCAnnotation.root
        }
    }

    public func read(_ source: AnnotationSource) throws -> AnnotationDocument {
        let files = source.files(withSuffix: "xml")
        guard !files.isEmpty else { throw DatasetError(.missing, "no XML file is there") }
        let names = files.map(source.name(of:))
        let results = Concurrent.map(files.count) { index in
            Result { try VOCAnnotation(source.bytes(of: files[index]), name: names[index]) }
        }
        let present = Set(source.files.map(\.path))
        var document = AnnotationDocument()
        // By the names of the XML files without suffix, as image sets have them.
        var positions: [String: Int] = [:]
        var (marked, inner) = (0, 0)
        for (index, result) in results.enumerated() {
            do {
                let annotation = try result.get()
                let file = files[index]
                var image = annotation.image(stem: file.deletingPathExtension().lastPathComponent)
                document.problems += annotation.problems
                marked += annotation.markedCount
                inner += annotation.innerCount
                // Folders of a split may have images of the same names: what lies beside the XML file is meant.
                let beside = file.deletingLastPathComponent().appendingPathComponent(image.name)
                if FileNames.isInside(image.name), present.contains(beside.path) { image.content = .file(beside) }
                positions[Self.imageSetName(names[index])] = document.images.count
                document.images.append(image)
            } catch {
                document.problems += (error as? DatasetError)?.problems ?? ["\(names[index]): cannot be read"]
                // Whatever stands in it: the image of that name is not known to be normal.
                var image = AnnotatedImage(name: files[index].deletingPathExtension().lastPathComponent, place: names[index])
                (image.lostBoxes, image.isOptional) = (1, true)
                document.images.append(image)
            }
        }
        Self.tellApart(&document.images, names: names)
        try readParts(source, positions, &document)
        if marked > 0 { document.notes.append("\(marked) boxes are marked truncated or difficult, which is not carried") }
        if inner > 0 { document.notes.append("\(inner) parts of objects are not carried") }
        return document
    }

    /// The XML file's path below `Annotations/`, without suffix.
    private static func imageSetName(_ name: String) -> String {
        let path = (name as NSString).deletingPathExtension
        let prefix = annotationsFolder + "/"
        if path.hasPrefix(prefix) { return String(path.dropFirst(prefix.count)) }
        return path.range(of: "/" + prefix).map { String(path[$0.upperBound...]) } ?? path
    }

    /// Images of the same name in several folders get the folder before it.
    private static func tellApart(_ images: inout [AnnotatedImage], names: [String]) {
        let counts = Dictionary(images.map { ($0.name, 1) }, uniquingKeysWith: +)
        for index in images.indices where counts[images[index].name] ?? 0 > 1 {
            guard let file = images[index].place.split(separator: ",").first, case .file = images[index].content else { continue }
            let folder = (imageSetName(String(file)) as NSString).deletingLastPathComponent
            if !folder.isEmpty { images[index].name = folder + "/" + images[index].name }
        }
    }

    private func readParts(_ source: AnnotationSource, _ positions: [String: Int], _ document: inout AnnotationDocument) throws {
        let lists = source.files(withSuffix: "txt").filter { $0.deletingLastPathComponent().path.hasSuffix("/" + Self.imageSets) }
            .map { (file: $0, part: $0.deletingPathExtension().lastPathComponent) }
        var unknown = 0
        // `trainval` repeats what `train` and `val` have.
        for (file, part) in lists.filter({ $0.part != "trainval" }) + lists.filter({ $0.part == "trainval" }) {
            guard let text = TextDecoding.text(try source.bytes(of: file)) else {
                document.problems.append("\(source.name(of: file)): not UTF-8 text")
                continue
            }
            let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
                .map { $0.trimmingCharacters(in: .whitespaces) }
            // The devkit also has a list for each class, such as `cat_train.txt`, with 1, -1 or 0 behind each name.
            let named = lines.filter { !$0.isEmpty }
            if part.contains("_"), !named.isEmpty, named.allSatisfy({ positions[$0] == nil && Self.hasFlag($0) }) { continue }
            for (number, line) in lines.enumerated() where !line.isEmpty {
                guard let position = positions[line] else {
                    unknown += 1
                    continue
                }
                if let other = document.images[position].part, other != part {
                    guard part != "trainval" else { continue }
                    document.problems.append("\(source.name(of: file)), line \(number + 1): an image that another part has too")
                } else {
                    document.images[position].part = part
                }
            }
        }
        if unknown > 0 { document.notes.append("\(unknown) entries of the image sets have no annotation file and were left out") }
    }

    private static func hasFlag(_ line: String) -> Bool {
        line.split(whereSeparator: \.isWhitespace).count > 1 && ["1", "0"].contains(line.last.map(String.init))
    }

    public func write(_ dataset: Dataset, to folder: URL, options: ExportOptions) throws {
        let names = dataset.findingClasses.names
        var parts: [String: OutputText] = [:]
        var taken: Set<String> = []
        for image in dataset.images {
            // Images whose names differ in their suffixes only keep them.
            guard let stem = [image.stem, image.fileName].first(where: { taken.insert($0).inserted }) else {
                throw DatasetError(.malformed, "image \(image.id): its annotation file would have another one's name")
            }
            let text = try VOCAnnotation.text(image, names: names, roundsToPixels: options.roundsToPixels)
            let file = try OutputText(folder.appendingPathComponent("\(Self.annotationsFolder)/\(stem).xml"))
            try file.write(text)
            try file.finish()
            if let part = image.part {
                if parts[part] == nil {
                    let list = "\(Self.imageSets)/\(try PartNames.fileName(part)).txt"
                    parts[part] = try OutputText(folder.appendingPathComponent(list))
                }
                try parts[part]?.line(stem)
            }
        }
        for list in parts.values { try list.finish() }
        try ImageLaying(options).lay(dataset, in: folder.appendingPathComponent(Dataset.imagesFolder))
    }
}
