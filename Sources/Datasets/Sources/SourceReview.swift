import Basics
import Findings

/// What is wrong with what a dataset's sources say.
public struct SourceReview: Hashable, Sendable {
    /// Two sources that say different things of one image: one boxed a finding, another says that it is not there.
    public struct Contradiction: Hashable, Sendable {
        /// The image's file name.
        public var image: String
        /// Its place in `annotations.json`, from 1.
        public var position: Int
        public var finding: String
        public var boxedBy: String
        public var labelledBy: String

        /// One sentence without a full stop.
        public var text: String {
            "\(finding) is boxed by \(boxedBy) and labelled absent by \(labelledBy); the box is taken"
        }
    }

    /// A training on it would mislead; one line each, with the way out.
    public private(set) var faults = ProblemList()
    public private(set) var contradictions: [Contradiction] = []
    /// Names in labels that no ontology has, with the nearest; worth knowing.
    public private(set) var strangers: [String] = []
    /// Images that name no source: nothing is known of them but their boxes.
    public private(set) var imagesWithoutSource = 0

    init(_ dataset: Dataset) {
        let (classes, ontology) = (dataset.findingClasses, dataset.ontology)
        let relations = FindingRelations(classes, ontology)
        for (index, findingClass) in classes.enumerated() {
            if ontology.name(of: findingClass.name) == nil {
                faults.append(
                    "\(Dataset.labelMapFile): \(ontology.strangerText(findingClass.name)); name it in the dataset's \(Dataset.ontologyFile)"
                )
            }
            if let first = relations.column(of: findingClass.name), first != index {
                faults.append("\(Dataset.labelMapFile): \"\(classes[first].name)\" and \"\(findingClass.name)\" are one finding")
            }
        }
        for source in dataset.sources { review(source, ontology) }
        requireCompleteness(dataset, relations)
        review(dataset.images, of: dataset, relations)
    }

    private mutating func review(_ source: DataSource, _ ontology: FindingOntology) {
        let place = "\(Dataset.sourcesFile), source \(source.name)"
        for name in Set(source.boxed + source.labelled).sorted() where ontology.name(of: name) == nil {
            faults.append("\(place): \(ontology.strangerText(name))")
        }
        for name in source.complete where !(source.boxed + source.labelled).contains(where: { ontology.areSame($0, name) }) {
            faults.append("\(place): it is complete for \"\(name)\", which it neither boxes nor labels")
        }
    }

    /// What is not known is not negative: of a finding whose absence nobody vouches for, nothing can be told.
    private mutating func requireCompleteness(_ dataset: Dataset, _ relations: FindingRelations) {
        let covered = dataset.sources.reduce(into: Set<Int>()) { $0.formUnion(relations.columns(of: $1.complete)) }
        for (column, findingClass) in dataset.findingClasses.enumerated() where !covered.contains(column) {
            faults.append(
                "\(Dataset.sourcesFile): no source is complete for \(findingClass.name), so nothing says where it is not; name it under "
                    + "\"complete\" of a source that boxes or labels it wherever it is, or take it out of \(Dataset.labelMapFile)")
        }
    }

    private mutating func review(_ images: [DatasetImage], of dataset: Dataset, _ relations: FindingRelations) {
        let names = dataset.sources.map(\.name)
        let said = Dictionary(dataset.sources.map { ($0.name, SourceCoverage.Said($0, relations)) }) { first, _ in first }
        let columns = dataset.findingClasses.columns
        var strange: Set<String> = []
        for (index, image) in images.enumerated() {
            let own = image.sources
            if own.isEmpty { imagesWithoutSource += 1 }
            for name in own where said[name] == nil {
                let near = name.nearest(among: names).map { "; the nearest is \"\($0)\"" } ?? ""
                faults.append(
                    "\(Dataset.annotationsFile), image \(index + 1): its source \"\(name)\" is not in \(Dataset.sourcesFile)\(near)")
            }
            for label in image.labels ?? [] where dataset.ontology.name(of: label) == nil { strange.insert(label) }
            guard let labels = image.labels else { continue }
            let present = labels.reduce(into: Set<Int>()) { $0.formUnion(relations.present(of: $1)) }
            var told: Set<Int> = []
            for box in image.boxes {
                guard let column = columns[box.classID], !present.contains(column), !told.contains(column) else { continue }
                // A box names its source as its reader; else it may be that of any source that boxes the finding.
                let drawer = box.reader.flatMap { own.contains($0) ? $0 : nil } ?? own.first { said[$0]?.boxed.contains(column) == true }
                guard let drawer, let other = own.first(where: { $0 != drawer && said[$0]?.labelled.contains(column) == true })
                else { continue }
                told.insert(column)
                contradictions.append(
                    Contradiction(
                        image: image.fileName, position: index + 1, finding: dataset.findingClasses[column].name, boxedBy: drawer,
                        labelledBy: other))
            }
        }
        strangers = strange.sorted().map(dataset.ontology.strangerText)
    }
}

extension Dataset {
    /// What is wrong with what the sources say; nothing where there are none.
    public var sourceReview: SourceReview? { sources.isEmpty ? nil : SourceReview(self) }

    /// What a person should know before training: contradictions and names that nothing knows; one line each.
    public var sourceNotes: [String] {
        guard let review = sourceReview else { return [] }
        var notes: [String] = []
        if let first = review.contradictions.first {
            let others = review.contradictions.count > 1 ? " and \(review.contradictions.count - 1) others" : ""
            notes.append("sources contradict each other: \(first.image)\(others): \(first.text); pleura dataset check names each")
        }
        if review.imagesWithoutSource > 0 {
            notes.append("\(review.imagesWithoutSource) images name no source: nothing is known of them but their boxes")
        }
        return notes + review.strangers.map { "labels of whole images: \($0)" }
    }

    /// - Throws: `DatasetError` of code `malformed` with every fault.
    public func requireSoundSources() throws {
        guard let faults = sourceReview?.faults, !faults.isEmpty else { return }
        throw DatasetError(.malformed, problems: faults)
    }
}
