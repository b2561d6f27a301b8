/// A place in the worklist. It stays one while studies come and go: the next page begins behind it, whatever is there then.
struct WorklistPlace: Comparable {
    var isSigned: Bool
    /// `StudyRow.rank`.
    var rank: Int64
    /// Of two that are due at the same time, the one that came first.
    var number: Int64

    static func < (left: Self, right: Self) -> Bool {
        (left.isSigned ? 1 : 0, left.rank, left.number) < (right.isSigned ? 1 : 0, right.rank, right.number)
    }

    init(isSigned: Bool, rank: Int64, number: Int64) { (self.isSigned, self.rank, self.number) = (isSigned, rank, number) }

    /// - Throws: `ArchiveError` of code `invalidCursor`.
    init(_ text: String) throws {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "o" || parts[0] == "s", let rank = Int64(parts[1]), let number = Int64(parts[2]) else {
            throw ArchiveError(.invalidCursor, "that is no place in the worklist")
        }
        self.init(isSigned: parts[0] == "s", rank: rank, number: number)
    }

    var text: String { "\(isSigned ? "s" : "o").\(rank).\(number)" }
}
