import Basics
import Datasets
import Foundation
import Radiographs

/// An image of a document with its file.
package struct LocatedImage {
    package var image: AnnotatedImage
    /// The file, or the container it is embedded in.
    package var content: AnnotatedImage.Content
    /// The name inside `images/`, with whatever suffix annotations give it.
    package var name: String
    /// False where folders of the annotations' path were set aside, or the file has another suffix.
    package var isExact = true
    package var facts: ImageFacts?

    /// For messages: the file's own name, or the row where it has none.
    package var fileName: String {
        guard case .file(let file) = content else { return image.place }
        return file.lastPathComponent
    }

    /// Whose image this is for messages: the row, and the file's own name where it has one.
    package var place: String {
        guard case .file = content else { return image.place }
        return "\(image.place): \(fileName)"
    }
}

extension DatasetImporter {
    /// Finds the files. No file is taken for one whose path it does not fit, nor for two.
    package func locate(_ document: inout AnnotationDocument, in index: ImageIndex?) -> [LocatedImage] {
        var located: [LocatedImage] = []
        var healed = 0
        for image in document.images {
            if image.content != .named {
                guard FileNames.isInside(image.name) else {
                    document.problems.append("\(image.place): the image's name is not a path inside a folder")
                    continue
                }
                located.append(LocatedImage(image: image, content: image.content, name: image.name))
                continue
            }
            switch index?.match(image.name, beside: image.folder) ?? .none {
            case .one(let file, let found):
                if found.name != image.name { healed += 1 }
                located.append(LocatedImage(image: image, content: .file(file), name: found.name, isExact: found.isExact))
            case .several:
                document.problems.append("\(image.place): several image files have this name")
                document.advice = Self.pathAdvice
            case .elsewhere:
                document.problems.append(
                    "\(image.place): its image is not there: the files of that name are in other folders")
                document.advice = Self.pathAdvice
            case .none where image.isOptional: break
            case .none where !FileNames.isInside(image.name):
                document.problems.append("\(image.place): the image's name is not a path inside a folder")
                document.advice = Self.pathAdvice
            case .none:
                document.problems.append("\(image.place): its image is not there")
                document.advice = Self.pathAdvice
            }
        }
        if healed > 0 {
            let (paths, files) = healed == 1 ? ("path was", "a file by its ending") : ("paths were", "files by their endings")
            document.notes.append("\(healed) image \(paths) matched to \(files)")
        }
        return withoutSharedFiles(located, &document.problems)
    }

    package static let pathAdvice =
        "--images DIR names a folder to look for images in; --strip-path N leaves out N folders at the beginning of every path."

    /// Of several names that would share a file, only those keep it that are its own: a list that has both `1.jpg` and `1.png` does not
    /// mean the same picture.
    private func withoutSharedFiles(_ located: [LocatedImage], _ problems: inout ProblemList) -> [LocatedImage] {
        var names: [AnnotatedImage.Content: Set<String>] = [:]
        for item in located where item.image.content == .named { names[item.content, default: []].insert(item.image.name) }
        return located.filter { item in
            guard !item.isExact, item.image.content == .named, names[item.content]?.count ?? 0 > 1 else { return true }
            problems.append("\(item.image.place): its image is not there, and the nearest file belongs to another name")
            return false
        }
    }

    /// Reads the headers of all images, several at a time. What cannot be read is left out.
    package func measure(_ located: [LocatedImage], _ document: inout AnnotationDocument) -> [LocatedImage] {
        let results = Concurrent.map(located.count) { index in Result { try facts(of: located[index].content) } }
        var measured: [LocatedImage] = []
        var warnings: [String: (first: String, count: Int)] = [:]
        for (item, result) in zip(located, results) {
            var item = item
            do {
                let facts = try result.get()
                if let width = item.image.width, let height = item.image.height, (width, height) != (facts.width, facts.height) {
                    document.problems.append("\(item.place): the size is not that of its image")
                    continue
                }
                for warning in facts.warnings { warnings[warning, default: (item.fileName, 0)].count += 1 }
                item.facts = facts
                measured.append(item)
            } catch {
                document.problems.append("\(item.place): its image: \((error as? RadiographError)?.description ?? "cannot be opened")")
            }
        }
        document.notes += warnings.sorted { $0.key < $1.key }.map { warning, of in
            let others = of.count == 1 ? "" : of.count == 2 ? " and 1 other" : " and \(of.count - 1) others"
            return "\(of.first)\(others): \(warning)"
        }
        return measured
    }

    private func facts(of content: AnnotatedImage.Content) throws -> ImageFacts {
        switch content {
        case .named: throw RadiographError(.unreadable, "no such file")
        case .file(let file): return try inspector.facts(of: file)
        case .embedded(let container, let offset, let length):
            // The head says the size of nearly every image, and the rest was read once already.
            let head = try? Self.bytes(.embedded(container: container, offset: offset, length: min(length, 1 << 14)))
            let facts = try head.flatMap { try? RasterInspector().facts(of: $0) } ?? RasterInspector().facts(of: Self.bytes(content))
            // Whoever wrote the container counted boxes on the stored picture or on the upright one; which, it does not say.
            guard !facts.needsConversion else { throw RadiographError(.unsupported, "its Exif data turn it, within a container") }
            return facts
        }
    }

    /// The encoded image that a container holds.
    package static func bytes(_ content: AnnotatedImage.Content) throws -> Data {
        guard case .embedded(let container, let offset, let length) = content,
            let bytes = EmbeddedImage(container: container, offset: offset, length: length).bytes()
        else { throw RadiographError(.damaged, "the container ends before the image or cannot be opened") }
        return bytes
    }
}
