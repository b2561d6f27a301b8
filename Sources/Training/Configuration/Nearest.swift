/// The known name that a person most likely meant.
enum Nearest {
    /// By Levenshtein's distance; `nil` where none is near: more than half of the letters are others.
    static func name(to wanted: String, among known: [String]) -> String? {
        let best = known.map { ($0, distance(Array(wanted.lowercased()), Array($0.lowercased()))) }.min { ($0.1, $0.0) < ($1.1, $1.0) }
        guard let (name, steps) = best, steps * 2 <= max(wanted.count, name.count) else { return nil }
        return name
    }

    /// Letters to insert, delete or change.
    static func distance(_ a: [Character], _ b: [Character]) -> Int {
        var row = Array(0...b.count)
        for (i, left) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, right) in b.enumerated() {
                let next = min(row[j] + 1, row[j + 1] + 1, diagonal + (left == right ? 0 : 1))
                diagonal = row[j + 1]
                row[j + 1] = next
            }
        }
        return row[b.count]
    }
}
