import Datasets
import Findings
import Foundation
import Radiographs

/// Makes a dataset directory of any annotation format: finds the images that the annotations name, measures them, holds the boxes
/// against them, numbers the findings, and lays everything in one step.
public struct DatasetImporter: Sendable {
    /// True copies the images; false lays symbolic links.
    public var copiesImages = false
    /// The bits a sample of images that are made anew: 16 keeps all there is, 8 is what every other tool reads.
    public var bitDepth = PictureDepth.sixteen
    /// Over how many folds patients without one are spread; `nil` only puts patients whose names are numbers into the fold of their
    /// number modulo 4, which is NIH's way.
    public var foldCount: Int?
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
    /// What each source says, where boxes come from several.
    public var sources: SourcesFile?
    /// True leaves out what is wrong and goes on; false makes no dataset then.
    public var skipsInvalid = false
    public var inspector: any ImageInspector

    public init(inspector: any ImageInspector = RasterInspector()) { self.inspector = inspector }

    /// What came of an import.
    public struct Outcome: Sendable {
        public var dataset: Dataset
        /// What was left out, where that was asked for.
        public var problems: ProblemList
        /// What the source says that a dataset does not carry, and what was done to paths and pictures.
        public var notes: [String]
    }

    /// A folder of images that go beside those of the source, and what reads it. What is in the source or in a folder before it is left out.
    package struct Further {
        package var folder: AnnotationSource
        package var read: (AnnotationSource) throws -> AnnotationDocument

        package init(_ folder: AnnotationSource, read: @escaping (AnnotationSource) throws -> AnnotationDocument) {
            self.folder = folder
            self.read = read
        }
    }

    /// - Parameters:
    ///   - target: The dataset directory to make; it must not be there, or be empty.
    ///   - reading: What reads the source; `nil` for its format.
    /// - Throws: `DatasetError` with every problem, each with file and row; then nothing is written.
    package func importDataset(
        _ source: AnnotationSource, format: any AnnotationFormat, further: [Further], to target: URL,
        reading: ((AnnotationSource) throws -> AnnotationDocument)? = nil
    ) throws -> Outcome {
        let source = inspected(source)
        var document = try reading?(source) ?? format.read(source)
        if skipsInvalid { document.doubtImagesWithoutBoxes() }
        var located = locate(&document, in: ImageIndex(source))
        for more in further {
            let folder = inspected(more.folder)
            add(try more.read(folder), of: folder, to: &document, &located)
        }
        var (images, classes) = try assembled(&document, located)
        let made = try Dataset.creating(target) { directory in
            let folder = directory.appendingPathComponent(Dataset.imagesFolder)
            images = try lay(images, in: folder, problems: &document.problems, notes: &document.notes)
            return try dataset(at: directory, images, classes, &document)
        }
        return Outcome(dataset: made, problems: document.problems, notes: document.notes)
    }

    private func inspected(_ source: AnnotationSource) -> AnnotationSource {
        var source = source
        source.isImage = inspector.isImage
        return source
    }

    /// Adds a folder's images that are not there yet.
    private func add(
        _ more: AnnotationDocument, of folder: AnnotationSource, to document: inout AnnotationDocument, _ located: inout [LocatedImage]
    ) {
        var more = more
        // Also those that were left out: whoever names an image does not call it normal.
        let taken = Set(located.map { FileNames.stem($0.image.name) } + document.images.map { FileNames.stem($0.name) })
        let count = more.images.count
        more.images.removeAll { taken.contains(FileNames.stem($0.name)) }
        if more.images.count < count {
            let left = count - more.images.count
            document.notes.append(
                "\(folder.url.lastPathComponent): left out \(left) \(left == 1 ? "image that is" : "images that are") named elsewhere too")
        }
        located += locate(&more, in: ImageIndex(folder))
        document.problems += more.problems
        document.notes += more.notes
        document.images += more.images
        document.folds.merge(more.folds) { fold, _ in fold }
        addSources(of: more, from: folder, to: &document)
    }

    /// Two folders may have sources of one name only where they say the same.
    private func addSources(of more: AnnotationDocument, from folder: AnnotationSource, to document: inout AnnotationDocument) {
        for source in more.sources {
            guard let known = document.sources.first(where: { $0.name == source.name }) else {
                document.sources.append(source)
                continue
            }
            if known != source {
                document.problems.append(
                    "\(folder.url.lastPathComponent): its source \"\(source.name)\" says something else than the one of that name before it"
                )
            }
        }
        document.ontology = document.ontology ?? more.ontology
    }

    /// A dataset whose images stay in the files they are embedded in.
    /// - Throws: `DatasetError` with every problem, each with file and record.
    package func open(_ document: AnnotationDocument, directory: URL) throws -> Outcome {
        var document = document
        if skipsInvalid { document.doubtImagesWithoutBoxes() }
        let located = locate(&document, in: nil)
        let (images, classes) = try assembled(&document, located)
        var dataset = try dataset(at: directory, images, classes, &document)
        for entry in images {
            guard case .embedded(let container, let offset, let length) = entry.content else { continue }
            dataset.embedded[entry.image.id] = EmbeddedImage(container: container, offset: offset, length: length)
        }
        return Outcome(dataset: dataset, problems: document.problems, notes: document.notes)
    }

    private func assembled(
        _ document: inout AnnotationDocument, _ located: [LocatedImage]
    ) throws -> (images: [AssembledImage], classes: [FindingClass]) {
        let measured = measure(located, &document)
        let classes = classes(document, measured)
        let images = assemble(measured, classes, &document.problems)
        guard document.problems.isEmpty || (skipsInvalid && !images.isEmpty) else {
            throw DatasetError(.malformed, problems: document.problems, advice: document.advice)
        }
        guard !images.isEmpty else { throw DatasetError(.malformed, "the source names no image") }
        guard !classes.isEmpty else { throw DatasetError(.malformed, "the source has no finding and no label map") }
        return (images, classes)
    }

    private func classes(_ document: AnnotationDocument, _ located: [LocatedImage]) -> [FindingClass] {
        if let labelMap { return labelMap.classes }
        if let classes = document.classes, renames.isEmpty { return classes }
        let named = document.classes.map { $0.map(\.name) } ?? Self.labels(located)
        var names: [String] = []
        for name in named.map({ renames[$0] ?? $0 }) where !names.contains(name) { names.append(name) }
        if document.classes == nil { names.sort() }
        return names.enumerated().map { FindingClass(id: $0 + 1, name: $1) }
    }

    /// Those of boxes; where nobody drew any, those of whole images.
    private static func labels(_ located: [LocatedImage]) -> [String] {
        let boxed = Set(located.flatMap { $0.image.boxes.map(\.label) })
        return (boxed.isEmpty ? Set(located.flatMap { $0.image.labels ?? [] }) : boxed).sorted()
    }

    private func dataset(
        at directory: URL, _ images: [AssembledImage], _ classes: [FindingClass], _ document: inout AnnotationDocument
    ) throws -> Dataset {
        var dataset = Dataset(
            directory: directory, findingClasses: classes, images: images.map(\.image), folds: document.folds,
            sources: sources?.sources ?? document.sources, ontology: document.ontology ?? .standard)
        if sources != nil { try dataset.requireSoundSources() }
        guard let foldCount else {
            for patient in Set(dataset.images.map(\.patient)) where dataset.folds[patient] == nil {
                if let number = Int(patient), number >= 0 { dataset.folds[patient] = number % 4 }
            }
            return dataset
        }
        guard foldCount > 1 else {
            for patient in Set(dataset.images.map(\.patient)) where dataset.folds[patient] == nil { dataset.folds[patient] = 0 }
            return dataset
        }
        try dataset.splitIntoFolds(foldCount, keeping: true)
        return dataset
    }
}
