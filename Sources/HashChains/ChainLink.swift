import Basics

/// Something that stands in a chain of hashes: numbered from 1 without gaps, each with the hash of the one before.
public protocol ChainLink: Codable, Sendable {
    var number: Int64 { get }
    /// Of the link before; `ChainHash.none` for the first.
    var previousHash: String { get }
    var hash: String { get }
    /// What `hash` has to be.
    var expectedHash: String { get }
}

/// How links are hashed.
public enum ChainHash {
    /// What the first link has in place of a hash before it.
    public static let none = String(repeating: "0", count: 64)

    /// SHA-256 of the parts, each preceded by its length, so that no two lists of parts give the same bytes.
    public static func of(_ parts: [String]) -> String {
        Digest(of: parts.map { "\($0.utf8.count):\($0)" }.joined()).hexadecimal
    }
}
