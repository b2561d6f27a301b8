import Findings
import Foundation
import Radiographs

/// Makes a dataset directory of any annotation format: finds the images that the annotations name, measures them, holds the boxes
/// against them, numbers the findings, and lays everything in one step.
public struct DatasetImporter: Sendable {
    /// True copies the images; false lays symbolic links.
    public var copiesImages = false
    /// How patients without a fold are spread: the number at the start of their name modulo this.
    public var foldCount = 4
    /// Which patient an image is of; what the source or the file itself says goes before the automatic rule.
    public var patients = PatientNames.automatic
    /// A column or key of the source that names the patient, such as `Patient ID`.
    public var patientAttribute: String?
    /// True where `patients` was chosen by hand and goes before what the source says.
    public var patientsAreChosen = false
    /// The classes and their ids; else those of the format, or the findings that occur in alphabetical order with ids from 1.
    public var labelMap: LabelMap?
    /// Findings that get another name.
    public var renames: [String: String] = [:]
    /// True leaves out what is wrong and goes on; false makes no dataset then.
    public var skipsInvalid = false
    public var inspector: any ImageInspector

    public init(inspector: any ImageInspector = RasterInspector()) { self.inspector = inspector }

    /// What came of an import.
    public struct Outcome: Sendable {
        public var dataset: Dataset
        /// What was left out, where that was asked for.
        public var problems: ProblemList
        /// What the source says that a dataset does not carry.
        public var notes: [String]
    }

    /// - Parameters:
    ///   - normals: Folders of images without boxes; what is in the source too is left out.
    ///   - labelled: Folders of which only findings of whole images are taken, in any format that has them; what is in the source or
    ///     among the normals too is left out.
    ///   - target: The dataset directory to make; it must not be there, or be empty.
    /// - Throws: `DatasetError` with every problem, each with file and row; then nothing is written.
    public func importDataset(
        _ source: AnnotationSource, format: any AnnotationFormat, normals: [AnnotationSource] = [], labelled: [AnnotationSource] = [],
        to target: URL
    ) throws -> Outcome {
        var document = try format.read(source)
        var located = locate(&document, in: ImageIndex(source))
        for folder in normals { add(try NIHFormat().readNormals(folder), of: folder, to: &document, &located) }
        for folder in labelled { add(try labelledImages(folder), of: folder, to: &document, &located) }
        let (images, classes, folds) = try assembled(&document, located)
        let dataset = try Dataset.creating(target) { directory in
            try lay(images, in: directory.appendingPathComponent(Dataset.imagesFolder))
            return Dataset(directory: directory, findingClasses: classes, images: images.map(\.image), folds: folds)
        }
        return Outcome(dataset: dataset, problems: document.problems, notes: document.notes)
    }

    /// Images with what is said of them as a whole, without whatever boxes they have.
    private func labelledImages(_ folder: AnnotationSource) throws -> AnnotationDocument {
        var document = try AnnotationFormats.recognised(folder).read(folder)
        document.images.removeAll { $0.labels == nil }
        guard !document.images.isEmpty else {
            throw DatasetError(.malformed, "\(folder.url.lastPathComponent): nothing says which findings a whole image has")
        }
        for index in document.images.indices { document.images[index].boxes = [] }
        return document
    }

    /// Adds a folder's images that are not there yet.
    private func add(
        _ more: AnnotationDocument, of folder: AnnotationSource, to document: inout AnnotationDocument, _ located: inout [Located]
    ) {
        var more = more
        let taken = Set(located.map { Self.stem($0.image.name) })
        more.images.removeAll { taken.contains(Self.stem($0.name)) }
        located += locate(&more, in: ImageIndex(folder))
        document.problems += more.problems
        document.folds.merge(more.folds) { fold, _ in fold }
    }

    /// A dataset whose images stay in the files they are embedded in.
    /// - Throws: `DatasetError` with every problem, each with file and record.
    func open(_ document: AnnotationDocument, directory: URL) throws -> Outcome {
        var document = document
        let located = locate(&document, in: nil)
        let (images, classes, folds) = try assembled(&document, located)
        var embedded: [Int: EmbeddedImage] = [:]
        for entry in images {
            guard case .embedded(let container, let offset, let length) = entry.content else { continue }
            embedded[entry.image.id] = EmbeddedImage(container: container, offset: offset, length: length)
        }
        let dataset = Dataset(
            directory: directory, findingClasses: classes, images: images.map(\.image), folds: folds, embedded: embedded)
        return Outcome(dataset: dataset, problems: document.problems, notes: document.notes)
    }

    /// An image of the dataset with what it is made of.
    private typealias Assembled = (image: DatasetImage, content: AnnotatedImage.Content, converts: Bool)

    private func assembled(
        _ document: inout AnnotationDocument, _ located: [Located]
    ) throws -> (images: [Assembled], classes: [FindingClass], folds: [String: Int]) {
        var located = located
        measure(&located, &document.problems)
        let classes = classes(document, located)
        let images = assemble(located, classes, &document.problems)
        guard document.problems.isEmpty || (skipsInvalid && !images.isEmpty) else {
            throw DatasetError(.malformed, problems: document.problems)
        }
        guard !images.isEmpty else { throw DatasetError(.malformed, "the source names no image") }
        guard !classes.isEmpty else { throw DatasetError(.malformed, "the source has no finding and no label map") }
        return (images, classes, folds(document.folds, images.map(\.image.patient)))
    }

    /// An image with its file.
    private struct Located {
        var image: AnnotatedImage
        /// The file, or the container it is embedded in.
        var content: AnnotatedImage.Content
        var facts: ImageFacts?
    }

    private static func stem(_ name: String) -> String { ((name as NSString).lastPathComponent as NSString).deletingPathExtension }

    /// Finds the files. Two entries of one image, as several readers' exports can have, become one.
    private func locate(_ document: inout AnnotationDocument, in index: ImageIndex?) -> [Located] {
        var located: [Located] = []
        for image in document.images {
            guard FileNames.isInside(image.name) else {
                document.problems.append("\(image.place): the image's name is not a path inside a folder")
                continue
            }
            guard case .named = image.content else {
                located.append(Located(image: image, content: image.content))
                continue
            }
            switch index?.match(image.name) ?? .none {
            case .one(let file): located.append(Located(image: image, content: .file(file)))
            case .several: document.problems.append("\(image.place): several image files have this name")
            case .none where image.isOptional: break
            case .none: document.problems.append("\(image.place): its image is not there")
            }
        }
        return located
    }

    /// Reads the headers of all images, several at a time.
    private func measure(_ located: inout [Located], _ problems: inout ProblemList) {
        let images = located
        let results = Concurrent.map(images.count) { index in Result { try facts(of: images[index].content) } }
        var measured: [Located] = []
        for (item, result) in zip(images, results) {
            var item = item
            do {
                let facts = try result.get()
                if let width = item.image.width, let height = item.image.height, (width, height) != (facts.width, facts.height) {
                    problems.append("\(item.image.place): the size is not that of its image")
                    continue
                }
                item.facts = facts
                measured.append(item)
            } catch {
                problems.append("\(item.image.place): its image: \((error as? RadiographError)?.description ?? "cannot be opened")")
            }
        }
        located = measured
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
    private static func bytes(_ content: AnnotatedImage.Content) throws -> Data {
        guard case .embedded(let container, let offset, let length) = content,
            let bytes = EmbeddedImage(container: container, offset: offset, length: length).bytes()
        else { throw RadiographError(.damaged, "the container ends before the image or cannot be opened") }
        return bytes
    }

    private func classes(_ document: AnnotationDocument, _ located: [Located]) -> [FindingClass] {
        if let labelMap { return labelMap.classes }
        if let classes = document.classes, renames.isEmpty { return classes }
        let named = document.classes.map { $0.map(\.name) } ?? Self.labels(located)
        var names: [String] = []
        for name in named.map({ renames[$0] ?? $0 }) where !names.contains(name) { names.append(name) }
        if document.classes == nil { names.sort() }
        return names.enumerated().map { FindingClass(id: $0 + 1, name: $1) }
    }

    /// Those of boxes; where nobody drew any, those of whole images.
    private static func labels(_ located: [Located]) -> [String] {
        let boxed = Set(located.flatMap { $0.image.boxes.map(\.label) })
        return (boxed.isEmpty ? Set(located.flatMap { $0.image.labels ?? [] }) : boxed).sorted()
    }

    private func assemble(_ located: [Located], _ classes: [FindingClass], _ problems: inout ProblemList) -> [(
        image: DatasetImage, content: AnnotatedImage.Content, converts: Bool
    )] {
        let ids = Dictionary(classes.map { ($0.name, $0.id) }) { first, _ in first }
        var images: [(image: DatasetImage, content: AnnotatedImage.Content, converts: Bool)] = []
        var names: [String: Int] = [:]
        for item in located {
            guard let facts = item.facts else { continue }
            let image = item.image
            var isWhole = image.lostBoxes == 0
            var boxes: [Annotation] = []
            for named in image.boxes {
                let box = named.box(width: facts.width, height: facts.height)
                let label = renames[named.label] ?? named.label
                if let reason = fault(of: box, on: facts) {
                    problems.append("\(named.place): \(reason)")
                    isWhole = false
                } else if let id = ids[label] {
                    boxes.append(Annotation(classID: id, box: box, reader: named.reader, agreement: named.agreement))
                } else {
                    problems.append("\(named.place): the finding is not in the label map")
                    isWhole = false
                }
            }
            // An image whose boxes are all wrong is not a normal image.
            guard isWhole || !boxes.isEmpty else { continue }
            let name =
                facts.needsConversion
                ? (image.fileName(of: item.content) as NSString).deletingPathExtension + ".png" : image.fileName(of: item.content)
            if let known = names[name] {
                guard images[known].content == item.content else {
                    problems.append("\(image.place): another image has this file name")
                    continue
                }
                // Training and test would share it, and keeping one part would hide that.
                guard image.part == nil || image.part == images[known].image.part else {
                    problems.append("\(image.place): this image is in another part above")
                    continue
                }
                images[known].image.boxes += boxes
                continue
            }
            names[name] = images.count
            let labels = image.labels.map { $0.map { renames[$0] ?? $0 } }
            images.append(
                (
                    DatasetImage(
                        id: images.count + 1, fileName: name, width: facts.width, height: facts.height,
                        patient: patient(image, facts, named: name),
                        view: image.view ?? facts.view, part: image.part, labels: labels, attributes: image.attributes, boxes: boxes),
                    item.content, facts.needsConversion
                ))
        }
        return images
    }

    /// Why a box cannot be on the image; readers draw a pixel or two over the edge, so only a tenth of it may be outside.
    private func fault(of box: Box, on facts: ImageFacts) -> String? {
        guard !box.isEmpty, box.x.isFinite, box.y.isFinite else { return "the box is empty, inverted or not numbers" }
        let inside = box.clipped(toWidth: Double(facts.width), height: Double(facts.height)).area
        return inside > 0.9 * box.area ? nil : "a box that is not on its image"
    }

    /// - Parameter name: Of the file, with its suffix: a source's name without one may have a dot.
    private func patient(_ image: AnnotatedImage, _ facts: ImageFacts, named name: String) -> String {
        if let patientAttribute, let named = image.attributes[patientAttribute], !named.isEmpty { return named }
        if patientsAreChosen { return patients.patient(fileName: name) }
        return image.patient ?? facts.patient ?? patients.patient(fileName: name)
    }

    private func folds(_ known: [String: Int], _ patients: [String]) -> [String: Int] {
        var folds = known
        for patient in Set(patients) where folds[patient] == nil {
            if let number = Int(patient), number >= 0 { folds[patient] = number % max(1, foldCount) }
        }
        return folds
    }

    private func lay(_ images: [(image: DatasetImage, content: AnnotatedImage.Content, converts: Bool)], in folder: URL) throws {
        let laying = ImageLaying(copies: copiesImages)
        for entry in images {
            let target = folder.appendingPathComponent(entry.image.fileName)
            if case .file(let file) = entry.content, !entry.converts {
                try laying.lay(file, at: target)
                continue
            }
            do {
                if case .file(let file) = entry.content {
                    try laying.lay(inspector.png(of: file), at: target)
                } else {
                    try laying.lay(Self.bytes(entry.content), at: target)
                }
            } catch let error as RadiographError {
                throw DatasetError(.malformed, "image \(entry.image.id): \(error.description)")
            }
        }
    }
}

extension AnnotatedImage {
    /// The name inside `images/`: as the annotations spell it, with the suffix that the file really has.
    fileprivate func fileName(of content: Content) -> String {
        guard case .file(let file) = content else { return name }
        let suffix = file.pathExtension
        let last = name as NSString
        guard last.pathExtension != suffix, !suffix.isEmpty else { return name }
        return (ImageIndex.suffixes.contains(last.pathExtension.lowercased()) ? last.deletingPathExtension : name) + "." + suffix
    }
}
