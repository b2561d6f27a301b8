import Foundation
import Radiographs

/// What a path leads to.
package enum InputFile {
    package enum Kind: Sendable {
        case missing, danglingLink, regular, directory
        /// A FIFO, socket or device: opening one may wait without end.
        case special
    }

    package static func kind(_ path: String) -> Kind {
        var status = stat()
        guard stat(path, &status) == 0 else {
            return lstat(path, &status) == 0 ? .danglingLink : .missing
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .regular
        case S_IFDIR: return .directory
        default: return .special
        }
    }

    /// - Throws: `RadiographError` unless the path leads to a plain file; nothing is opened.
    package static func requireRegular(_ path: String) throws {
        switch kind(path) {
        case .regular: return
        case .missing: throw RadiographError(.unreadable, "no such file")
        case .danglingLink: throw RadiographError(.unreadable, "a link to a file that is not there")
        case .directory: throw RadiographError(.unreadable, "is a directory")
        case .special: throw RadiographError(.unreadable, "not a plain file")
        }
    }
}
