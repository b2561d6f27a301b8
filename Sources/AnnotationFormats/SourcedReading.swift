import Datasets
import Findings
import Foundation
import Geometry
import Interchange
import TableFormats

/// Reads folders of annotations as the sources that they come from: which source each box is of, under which name the label map has it, and
/// which sources say something of each image.
struct SourcedReading {
    /// What an import takes a folder for.
    enum Folder { case boxed, normals, labelled }

    private let sources: [DataSource]
    private let classes: [FindingClass]
    private let ontology: FindingOntology
    private let relations: FindingRelations

    /// Boxes of two sources mean the same where their IoU is greater than this, as in `ReaderMerging`.
    private static let sameFinding = 0.4

    init(_ sources: [DataSource], classes: [FindingClass], ontology: FindingOntology) {
        (self.sources, self.classes, self.ontology) = (sources, classes, ontology)
        relations = FindingRelations(classes, ontology)
    }

    /// A folder's document, with the tables beside it that sources name.
    /// - Parameter read: What reads the folder itself.
    /// - Throws: `DatasetError` where a file cannot be read at all.
    func read(
        _ folder: AnnotationSource, as kind: Folder, by read: (AnnotationSource) throws -> AnnotationDocument
    ) throws -> AnnotationDocument {
        var document = try read(folder)
        if kind == .labelled { document.images.removeAll { $0.labels == nil && $0.boxes.isEmpty } }
        var counts = Counts()
        attribute(&document, kind)
        for source in sources {
            for file in folder.files where source.tables.contains(file.lastPathComponent) && isFurther(file, document, folder) {
                try add(file, of: source, in: folder, to: &document, &counts)
            }
        }
        document.notes += counts.notes
        document.ontology = ontology.own.isEmpty ? nil : ontology
        return document
    }

    /// What came of boxes, for notes.
    private struct Counts {
        var same: [String: Int] = [:]
        var unrelated: [String: Int] = [:]

        var notes: [String] {
            same.sorted { $0.key < $1.key }.map {
                "\($0.value) boxes of \($0.key) are the same as those of a source before it (IoU over 0.4): left out"
            }
                + unrelated.sorted { $0.key < $1.key }.map {
                    "\($0.value) boxes of \($0.key) are of a finding that has nothing to do with the label map's: left out"
                }
        }
    }

    /// Names in the document's own boxes and labels become the label map's, and images and boxes name their sources.
    private func attribute(_ document: inout AnnotationDocument, _ kind: Folder) {
        var strangers: Set<String> = []
        for index in document.images.indices {
            var (named, boxes) = (Set<String>(), [NamedBox]())
            for box in document.images[index].boxes {
                let table = (box.place.components(separatedBy: ", ").first.map { $0 as NSString })?.lastPathComponent ?? ""
                guard let source = sources.first(where: { $0.tables.contains(table) }) else {
                    document.problems.append("\(box.place): \(table) is of no source; name it under \"tables\" of one")
                    continue
                }
                named.insert(source.name)
                place(box, of: source, &boxes, &document.images[index].unknown, &document.problems)
            }
            document.images[index].lostBoxes += document.images[index].boxes.count - boxes.count
            document.images[index].boxes = boxes
            // Whoever names a folder of normal images says that nothing is found on them.
            if kind == .normals, document.images[index].labels == nil { document.images[index].labels = [] }
            if let labels = document.images[index].labels {
                for label in labels where ontology.name(of: label) == nil { strangers.insert(label) }
                document.images[index].labels = labels.map { relations.column(of: $0).map { classes[$0].name } ?? $0 }
                for source in sources where !source.labelled.isEmpty && source.isNormals == (kind == .normals) {
                    named.insert(source.name)
                }
            }
            document.images[index].attributes[DatasetImage.sourcesAttribute] = joined(named)
        }
        document.notes += strangers.sorted().map { "labels of whole images: \(ontology.strangerText($0))" }
    }

    /// In the order of the sources; `nil` for none.
    private func joined(_ names: Set<String>) -> String? {
        let own = sources.map(\.name).filter(names.contains)
        return own.isEmpty ? nil : own.joined(separator: "|")
    }

    /// Puts a box where it belongs: under the label map's name of its finding, or of what its finding is a kind of; where the label map has
    /// only kinds of it, it leaves those open.
    /// - Returns: False where the label map has nothing to do with it.
    @discardableResult
    private func place(
        _ box: NamedBox, of source: DataSource, _ boxes: inout [NamedBox], _ unknown: inout [NamedBox], _ problems: inout ProblemList
    ) -> Bool {
        guard ontology.name(of: box.label) != nil else {
            problems.append("\(box.place): \(ontology.strangerText(box.label))")
            return true
        }
        var box = box
        box.reader = box.reader ?? source.name
        let present = relations.present(of: box.label)
        // Of several, the one that says most.
        if let column = relations.column(of: box.label)
            ?? present.min(by: { (-relations.ancestors[$0].count, $0) < (-relations.ancestors[$1].count, $1) })
        {
            box.label = classes[column].name
            boxes.append(box)
            return true
        }
        let open = relations.open(by: box.label).sorted()
        for column in open {
            box.label = classes[column].name
            unknown.append(box)
        }
        return !open.isEmpty
    }

    /// Whether the folder's own reading has left the file aside.
    private func isFurther(_ file: URL, _ document: AnnotationDocument, _ folder: AnnotationSource) -> Bool {
        let name = folder.name(of: file)
        guard let source = try? AnnotationSource(file), BoxTableFormat().recognises(source) else { return false }
        return !document.images.contains { image in image.boxes.contains { $0.place.hasPrefix(name + ", ") } }
    }

    private func add(
        _ file: URL, of source: DataSource, in folder: AnnotationSource, to document: inout AnnotationDocument, _ counts: inout Counts
    ) throws {
        let table = try BoxTableFormat().read(AnnotationSource(file))
        document.problems += table.problems
        document.notes += table.notes
        let positions = Dictionary(document.images.enumerated().map { (FileNames.stem($1.name), $0) }) { first, _ in first }
        for image in table.images {
            guard let index = positions[FileNames.stem(image.name)] else {
                document.problems.append("\(image.place): the folder has no image of this name")
                continue
            }
            let named = Set((document.images[index].attributes[DatasetImage.sourcesAttribute] ?? "").split(separator: "|").map(String.init))
            document.images[index].attributes[DatasetImage.sourcesAttribute] = joined(named.union([source.name]))
            document.images[index].isOptional = false
            document.images[index].lostBoxes += image.lostBoxes
            for box in image.boxes {
                var placed: [NamedBox] = []
                guard place(box, of: source, &placed, &document.images[index].unknown, &document.problems) else {
                    counts.unrelated["\(source.name): \(box.label)", default: 0] += 1
                    continue
                }
                for box in placed {
                    guard !document.images[index].boxes.contains(where: { Self.areSame($0, box) }) else {
                        counts.same[source.name, default: 0] += 1
                        continue
                    }
                    document.images[index].boxes.append(box)
                }
            }
        }
    }

    private static func areSame(_ one: NamedBox, _ other: NamedBox) -> Bool {
        guard one.label == other.label, one.reader != other.reader, case .pixels(let a) = one.geometry, case .pixels(let b) = other.geometry
        else { return false }
        return a.intersectionOverUnion(b) > sameFinding
    }
}
