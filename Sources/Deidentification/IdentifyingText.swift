/// Names and numbers of the patient and of those who treated the patient, to be found again in text that is kept.
struct IdentifyingText {
    private var words: Set<[UInt8]> = []

    /// Names: each part of three letters and more. Shorter ones stand in words of all kinds.
    private static let names: [UInt32] = [
        0x0010_0010, 0x0010_1001, 0x0010_1005, 0x0010_1060, 0x0010_2297, 0x0008_0090, 0x0008_1048, 0x0008_1050, 0x0008_1060, 0x0008_1070,
        0x0032_1032, 0x0040_0006,
    ]
    /// Numbers and places: as a whole, of four characters and more.
    private static let wholes: [UInt32] = [
        0x0010_0020, 0x0010_1000, 0x0008_0050, 0x0010_1040, 0x0010_2154, 0x0008_0080, 0x0008_0081, 0x0038_0010, 0x0020_0010, 0x0010_0030,
    ]

    init(_ dataset: EditableItem) { collect(dataset, depth: 0) }

    /// What stands in items counts as well: Other Patient IDs, requests.
    private mutating func collect(_ item: EditableItem, depth: Int) {
        for index in 0..<item.count {
            guard let element = item.element(at: index) else { continue }
            if element.isSequence, depth < 8 {
                for number in 0..<element.length { item.item(at: index, number).map { collect($0, depth: depth + 1) } }
            } else if element.representation == "PN" || Self.names.contains(element.tag) {
                for part in item.text(at: index).split(whereSeparator: { "^=\\ ,".utf8.contains($0) }) { add(Array(part), atLeast: 3) }
            } else if Self.wholes.contains(element.tag) {
                for part in item.text(at: index).split(separator: 0x5C) { add(Array(part), atLeast: 4) }
            }
        }
    }

    private mutating func add(_ word: [UInt8], atLeast count: Int) {
        let folded = Self.folded(word)
        let isASCII = folded.allSatisfy { $0 < 0x80 }
        if folded.count >= (isASCII ? count : 2), !Self.harmless.contains(String(decoding: folded, as: UTF8.self)) { words.insert(folded) }
    }

    /// Words that stand in for a name where there is none; and titles.
    private static let harmless: Set<String> = [
        "anonymous", "anonymized", "anonymised", "unknown", "none", "null", "test", "patient", "removed", "pseudonym", "prof", "md", "phd",
    ]

    /// In lower case, blanks at the ends gone; other than ASCII as it is.
    private static func folded(_ text: [UInt8]) -> [UInt8] {
        let lower = text.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        return Array(lower.drop { $0 == 0x20 }.reversed().drop { $0 == 0x20 }.reversed())
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) }

    /// Whether one of them stands in the text, as a word or words of its own.
    func occurs(in text: [UInt8]) -> Bool {
        guard !text.isEmpty else { return false }
        let folded = Self.folded(text)
        return words.contains { word in
            guard word.count <= folded.count else { return false }
            return (0...(folded.count - word.count)).contains { start in
                guard folded[start] == word[0], folded[start..<(start + word.count)].elementsEqual(word) else { return false }
                let end = start + word.count
                let begins = start == 0 || !Self.isLetterOrDigit(word[0]) || !Self.isLetterOrDigit(folded[start - 1])
                let ends = end == folded.count || !Self.isLetterOrDigit(word[word.count - 1]) || !Self.isLetterOrDigit(folded[end])
                return begins && ends
            }
        }
    }
}
