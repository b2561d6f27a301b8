extension Sequence<FindingClass> {
    /// By a class's id, where it stands: the column of a network's scores, from 0. Of two with one id, the first.
    package var columns: [Int: Int] { Dictionary(enumerated().map { ($1.id, $0) }) { first, _ in first } }

    /// By a class's id, its name. Of two with one id, the first.
    package var names: [Int: String] { Dictionary(map { ($0.id, $0.name) }) { first, _ in first } }
}
