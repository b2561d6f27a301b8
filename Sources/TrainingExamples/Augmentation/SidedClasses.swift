import Findings
import Networks

/// Which findings know a side by their name, and what a left-right flip turns each into.
package struct SidedClasses: Hashable, Sendable {
    /// For each column of the label map the column of its mirror image: itself where the name has no side, `nil` where the label map
    /// lacks the other side's finding.
    package let mirrors: [Int?]
    /// No finding knows a side.
    package let isTrivial: Bool

    /// Words that always mean a side.
    private static let words = [
        "left": "right", "rul": "lul", "rml": "lml", "rll": "lll", "dextrocardia": "levocardia", "situs": "mirrored situs",
    ]
    /// Words that mean a side where the label map has the same name with the other one.
    private static let abbreviations = ["l": "r", "lt": "rt", "sinister": "dexter"]

    /// - Parameters:
    ///   - names: Of the findings, in the order of the columns.
    ///   - pairs: Names that change places beside those that have a side in them; each pair once.
    package init(names: [String], pairs: [String: String] = [:]) {
        func bothWays(_ pairs: [String: String]) -> [String: String] {
            pairs.merging(pairs.map { ($1, $0) }) { first, _ in first }
        }
        let (words, abbreviations) = (bothWays(Self.words), bothWays(Self.abbreviations))
        let parts = names.map(Self.words(of:))
        func column(_ words: [String]) -> Int? { parts.firstIndex(of: words) }
        let own = bothWays(pairs)
        mirrors = parts.indices.map { index in
            if let other = own[names[index]] { return names.firstIndex(of: other) }
            let strict = parts[index].map { words[$0] ?? $0 }
            let loose = parts[index].map { words[$0] ?? abbreviations[$0] ?? $0 }
            if strict == parts[index] { return loose == strict ? index : column(loose) ?? index }
            return column(strict) ?? column(loose)
        }
        isTrivial = mirrors.enumerated().allSatisfy { $0.offset == $0.element }
    }

    /// Where nothing has a side: every finding is its own mirror image.
    package init(withoutSides count: Int) { (mirrors, isTrivial) = (Array(0..<count), true) }

    /// In small letters; a word ends at what is no letter and before a capital after a small letter.
    private static func words(of name: String) -> [String] {
        var words: [String] = []
        var (word, wasSmall) = ("", false)
        for character in name {
            if !word.isEmpty, !character.isLetter && !character.isNumber || wasSmall && character.isUppercase {
                words.append(word)
                word = ""
            }
            if character.isLetter || character.isNumber { word += character.lowercased() }
            wasSmall = character.isLowercase
        }
        return word.isEmpty ? words : words + [word]
    }

    /// What is known of the flipped picture, its boxes still where they were; `nil` where a finding that is there would become one
    /// that the label map lacks.
    func mirrored(boxes: [TrainingBox], labels: [Float]) -> (boxes: [TrainingBox], labels: [Float])? {
        guard !isTrivial else { return (boxes, labels) }
        var (newBoxes, newLabels) = (boxes, [Float](repeating: .nan, count: labels.count))
        for index in boxes.indices {
            guard mirrors.indices.contains(boxes[index].classIndex), let mirror = mirrors[boxes[index].classIndex] else { return nil }
            newBoxes[index].classIndex = mirror
            let further = boxes[index].furtherClasses.compactMap { mirrors.indices.contains($0) ? mirrors[$0] : nil }
            guard further.count == boxes[index].furtherClasses.count else { return nil }
            newBoxes[index].furtherClasses = further
        }
        for (column, label) in labels.enumerated() where mirrors.indices.contains(column) {
            if let mirror = mirrors[column] {
                if newLabels.indices.contains(mirror) { newLabels[mirror] = label }
            } else if label == 1 {
                return nil
            }
        }
        return (newBoxes, newLabels)
    }

    /// Of which findings places without a box are without them, in the flipped picture; where the other side's is not in the label map,
    /// nothing is known.
    func mirrored(_ background: [Bool]) -> [Bool] {
        guard !isTrivial else { return background }
        return background.indices.map { column in
            guard mirrors.indices.contains(column), let mirror = mirrors[column], background.indices.contains(mirror) else { return false }
            return background[mirror]
        }
    }
}
