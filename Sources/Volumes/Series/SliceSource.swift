import Foundation

/// A file that may hold slices: on the disk, or in an archive.
public struct SliceSource: Sendable {
    /// How messages and the record call it.
    public var name: String
    /// Its bytes; asked for more than once, on several threads.
    public var bytes: @Sendable () throws -> Data

    public init(name: String, bytes: @escaping @Sendable () throws -> Data) { (self.name, self.bytes) = (name, bytes) }

    public init(file: URL, name: String? = nil) {
        self.init(name: name ?? file.path) { try Data(contentsOf: file, options: .mappedIfSafe) }
    }
}
