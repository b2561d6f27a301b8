import Basics

/// A file's checksum as somebody published it.
public struct PublishedSum: Hashable, Sendable {
    public typealias Algorithm = Digest.Algorithm

    public var algorithm: Algorithm
    /// Lower-case hexadecimal.
    public var hexadecimal: String

    public init(_ algorithm: Algorithm, _ hexadecimal: String) {
        self.algorithm = algorithm
        self.hexadecimal = hexadecimal.lowercased()
    }
}
