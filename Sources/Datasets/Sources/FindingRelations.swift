import Findings

/// A label map's findings as an ontology relates them: what a name, whoever spelt it, says of each column.
package struct FindingRelations: Sendable {
    /// For each column the columns of the findings that it is a kind of.
    package let ancestors: [Set<Int>]
    /// For each column those of its kinds.
    package let descendants: [Set<Int>]
    private let ontology: FindingOntology
    private let names: [String]
    private let columns: [String: Int]

    package init(_ classes: [FindingClass], _ ontology: FindingOntology) {
        self.ontology = ontology
        names = classes.map(\.name)
        columns = Dictionary(classes.enumerated().map { (ontology.identity($1.name), $0) }) { first, _ in first }
        let names = names
        ancestors = names.map { name in Set(names.indices.filter { ontology.isKind(name, of: names[$0]) }) }
        descendants = names.map { name in Set(names.indices.filter { ontology.isKind(names[$0], of: name) }) }
    }

    /// The column of a finding under any of its names; `nil` where the label map lacks it.
    package func column(of name: String) -> Int? { columns[ontology.identity(name)] }

    /// The columns that a box or label of this name is one of: its own and those of its ancestors.
    package func present(of name: String) -> Set<Int> {
        if let column = column(of: name) { return ancestors[column].union([column]) }
        return Set(names.indices.filter { ontology.isKind(name, of: names[$0]) })
    }

    /// The columns of the findings that are kinds of this one: a box of it leaves them open.
    package func open(by name: String) -> Set<Int> {
        if let column = column(of: name) { return descendants[column] }
        return Set(names.indices.filter { ontology.isKind(names[$0], of: name) })
    }

    /// The columns of names in a source's list, by themselves: being complete for a parent says nothing of its kinds.
    package func columns(of names: [String]) -> Set<Int> { Set(names.compactMap(column)) }
}
