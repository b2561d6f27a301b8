extension String {
    /// How many characters have to be put in, taken out or replaced to make one text of the other (Levenshtein, Soviet Physics Doklady 1966).
    /// - Complexity: O(n · m), m at most 200.
    package func editDistance(to other: String) -> Int {
        let (own, others) = (Array(self), Array(other.prefix(200)))
        var row = Array(0...others.count)
        for (i, character) in own.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, otherCharacter) in others.enumerated() {
                let above = row[j + 1]
                row[j + 1] = Swift.min(above + 1, row[j] + 1, diagonal + (character == otherCharacter ? 0 : 1))
                diagonal = above
            }
        }
        return row[others.count]
    }

    /// The known name that a person most likely meant, whatever its case: one that this begins, or else that with the fewest wrong letters.
    /// `nil` where none is near: more than half of the letters are others.
    package func nearest(among names: [String]) -> String? {
        let wanted = lowercased()
        if wanted.count > 2, let begun = names.first(where: { $0.lowercased().hasPrefix(wanted) }) { return begun }
        let best = names.map { ($0, $0.lowercased().editDistance(to: wanted)) }.min { ($0.1, $0.0) < ($1.1, $1.0) }
        guard let (name, steps) = best, steps * 2 <= Swift.max(count, name.count) else { return nil }
        return name
    }
}
