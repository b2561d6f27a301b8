/// Where an image comes from.
public enum ImageSource: Hashable, Sendable {
    /// A file, as a person named it.
    case file(String)
    /// An instance that somebody sent, by its SOP Instance UID (2.25… of the content's digest for a picture that has none).
    case instance(uid: String)
    /// Made by a program, which calls it so.
    case generated(String)

    /// What reports call it.
    public var name: String {
        switch self {
        case .file(let path): path
        case .instance(let uid): uid
        case .generated(let name): name
        }
    }
}
