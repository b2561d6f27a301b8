import Foundation

/// One file of a published dataset.
public struct RemoteFile: Hashable, Sendable {
    /// What becomes of the file once it is here.
    public enum Role: Hashable, Sendable {
        /// It stays as it is.
        case plain
        /// A gzipped tar archive of images, which are taken out into `images/`.
        case imageArchive
    }

    /// What the file is called here.
    public var name: String
    /// What it is called elsewhere, for mirrors and folders: the publisher's name first, then others it goes by.
    public var sourceNames: [String]
    /// Where the publisher has it.
    public var url: URL
    /// Bytes, where somebody published them.
    public var byteCount: Int?
    /// Every one has to fit. None: nobody published any.
    public var sums: [PublishedSum]
    public var role: Role

    public init(name: String, sourceNames: [String]? = nil, url: URL, byteCount: Int?, sums: [PublishedSum], role: Role = .plain) {
        self.name = name
        self.sourceNames = sourceNames ?? [name]
        self.url = url
        self.byteCount = byteCount
        self.sums = sums
        self.role = role
    }
}
