import Basics

extension ConceptCode {
    /// A code of scheme 99PLEURA for a label that has none: the same whenever it is made.
    ///
    /// Code Value fits SH (16 characters), Code Meaning LO (64 characters without control characters and backslashes; PS3.5, 6.2).
    public static func local(_ label: String) -> ConceptCode {
        let letters = label.unicodeScalars.filter { $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil) }
        let plain = String(String.UnicodeScalarView(letters)).uppercased()
        let isWhole = label.unicodeScalars.allSatisfy { $0 == " " || $0 == "_" || letters.contains($0) }
        let value: String
        if isWhole, !plain.isEmpty, plain.count <= 16 {
            value = plain
        } else {
            value = plain.prefix(7) + "-" + Digest(of: Terminology.key(label)).hexadecimal.prefix(8).uppercased()
        }
        return ConceptCode(value, CodingScheme.local, meaning(label))
    }

    private static func meaning(_ label: String) -> String {
        let scalars = label.unicodeScalars.map { scalar in
            scalar == "\\" || scalar == "_" || scalar.properties.generalCategory == .control ? " " : Character(scalar)
        }
        let words = String(scalars).split(separator: " ").joined(separator: " ")
        var short = ""
        for character in words where short.unicodeScalars.count + character.unicodeScalars.count <= 64 { short.append(character) }
        return short.isEmpty ? "Finding" : short
    }
}
