import Findings

/// What is known of every finding on every image of a dataset with sources: the one place where "no source says so" is told from "it is
/// not there". Losses, validation and evaluation ask it.
public struct SourceCoverage: Sendable {
    private let relations: FindingRelations
    /// By a class's id, its column.
    private let columns: [Int: Int]
    private let count: Int
    private let sources: [String: Said]

    /// A source's lists as columns.
    struct Said: Sendable {
        var boxed: Set<Int>
        var labelled: Set<Int>
        var complete: Set<Int>

        init(_ source: DataSource, _ relations: FindingRelations) {
            boxed = relations.columns(of: source.boxed)
            labelled = relations.columns(of: source.labelled)
            complete = relations.columns(of: source.complete)
        }

        /// Whether its silence means that the finding is not there.
        /// - Parameter isLabelled: Whether the image has labels of the whole image.
        func isComplete(_ column: Int, isLabelled: Bool) -> Bool {
            complete.contains(column) && (boxed.contains(column) || (labelled.contains(column) && isLabelled))
        }
    }

    /// `nil` where the dataset has no sources: then all boxes are complete.
    public init?(_ dataset: Dataset) {
        guard !dataset.sources.isEmpty else { return nil }
        relations = FindingRelations(dataset.findingClasses, dataset.ontology)
        columns = dataset.findingClasses.columns
        count = dataset.findingClasses.count
        let relations = relations
        sources = Dictionary(dataset.sources.map { ($0.name, Said($0, relations)) }) { first, _ in first }
    }

    /// - Parameter source: Only what this source says is taken, and the boxes and labels are all images'; `nil` for all of the image's.
    /// - Returns: [C], by column.
    public func knowledge(of image: DatasetImage, by source: String? = nil) -> [FindingKnowledge] {
        let named = source.map { name in image.sources.filter { $0 == name } } ?? image.sources
        let said = named.compactMap { sources[$0] }
        let boxed = Set(image.boxes.flatMap { present(of: $0) })
        let labelled = (image.labels ?? []).reduce(into: Set<Int>()) { $0.formUnion(relations.present(of: $1)) }
        return (0..<count).map { column in
            let isBoxed = boxed.contains(column)
            if said.contains(where: { $0.isComplete(column, isLabelled: image.labels != nil) }) {
                // Whoever boxes all of a finding and draws none of what a report says has missed it, or the report is wrong.
                return !isBoxed && labelled.contains(column) ? .present : .complete
            }
            if isBoxed { return .boxedInPart }
            if labelled.contains(column) { return .present }
            return image.labels != nil && said.contains { $0.labelled.contains(column) } ? .absent : .unknown
        }
    }

    /// Whether a source draws boxes of a class; `nil` where there is no source of that name.
    func boxes(_ source: String, _ classID: Int) -> Bool? {
        sources[source].map { said in columns[classID].map(said.boxed.contains) ?? false }
    }

    /// The columns of what a box shows: its own finding, which comes first, and those that it is a kind of.
    public func present(of annotation: Annotation) -> [Int] {
        guard let column = columns[annotation.classID] else { return [] }
        return [column] + relations.ancestors[column].sorted()
    }

    /// The columns that a box leaves open at its place: the kinds of its finding.
    public func open(by annotation: Annotation) -> [Int] {
        columns[annotation.classID].map { relations.descendants[$0].sorted() } ?? []
    }

    /// The places of an image where a finding is neither there nor absent, by column.
    public func openPlaces(of image: DatasetImage) -> [(columns: [Int], annotation: Annotation)] {
        image.unknown.compactMap { place in columns[place.classID].map { ([$0], place) } }
            + image.boxes.map { (open(by: $0), $0) }.filter { !$0.0.isEmpty }
    }
}
