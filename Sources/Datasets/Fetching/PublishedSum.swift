/// A file's checksum as somebody published it.
public struct PublishedSum: Hashable, Sendable {
    /// The digests that NIH, Box and those who downloaded the archive give.
    public enum Algorithm: String, Hashable, Sendable {
        case sha256 = "SHA-256"
        case sha1 = "SHA-1"
        case md5 = "MD5"
    }

    public var algorithm: Algorithm
    /// Lower-case hexadecimal.
    public var hexadecimal: String

    public init(_ algorithm: Algorithm, _ hexadecimal: String) {
        self.algorithm = algorithm
        self.hexadecimal = hexadecimal.lowercased()
    }
}
