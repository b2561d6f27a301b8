import Datasets
import Foundation

/// Where the files come from.
public enum FetchSource: Hashable, Sendable {
    /// Each from the publisher's own address.
    case publisher
    /// From a server that has them under one address by their names.
    case mirror(URL)
    /// From a folder.
    case folder(URL)

    /// An address of http or https, or else a folder.
    /// - Throws: `DatasetError` where it is neither: another kind of address, or a folder that is not there.
    public init(_ text: String) throws {
        if let scheme = text.range(of: "://").map({ text[..<$0.lowerBound].lowercased() }) {
            guard ["http", "https"].contains(scheme), let url = URL(string: text), let host = url.host, !host.isEmpty else {
                throw DatasetError(.missing, "it is neither an address of http or https nor a folder")
            }
            self = .mirror(url)
            return
        }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: text, isDirectory: &isFolder), isFolder.boolValue else {
            throw DatasetError(.missing, "there is no such folder")
        }
        self = .folder(URL(fileURLWithPath: text))
    }

    /// The addresses to try for a file, one after another; none for a folder.
    func addresses(_ file: RemoteFile) -> [URL] {
        switch self {
        case .publisher: return [file.url]
        case .folder: return []
        case .mirror(let base):
            return file.sourceNames.compactMap { name in
                // A query (a key, say) belongs behind the name.
                guard var parts = URLComponents(url: base, resolvingAgainstBaseURL: true) else { return nil }
                parts.path = (parts.path.hasSuffix("/") ? parts.path : parts.path + "/") + name
                return parts.url
            }
        }
    }

    /// The file in a folder; nil where it is not there. Links are followed: the folder may be one that was fetched.
    func found(_ file: RemoteFile) -> URL? {
        guard case .folder(let folder) = self else { return nil }
        return (file.sourceNames + [file.name]).map { folder.appendingPathComponent($0).resolvingSymlinksInPath() }
            .first { FileStatus($0) != nil }
    }
}
