/// What belongs to a published dataset and where it is.
public struct FetchManifest: Sendable {
    /// Which images are taken out of the archives.
    public enum Images: Hashable, Sendable {
        case all
        /// Those that a list names: a table among the plain files whose first column has the images' names.
        case listed(in: String)
    }

    /// How the command line calls it.
    public var name: String
    /// The publisher's page, for people.
    public var page: String
    /// What the publisher asks of those who use it; one line.
    public var credit: String
    /// In the order in which they are fetched: the box list comes before the archives.
    public var files: [RemoteFile]
    public var images: Images

    public init(name: String, page: String, credit: String, files: [RemoteFile], images: Images) {
        self.name = name
        self.page = page
        self.credit = credit
        self.files = files
        self.images = images
    }
}
