import Foundation

/// Where a person's own files of Pleura lie (XDG Base Directory Specification).
package enum UserFolders {
    /// `pleura` in `$XDG_CACHE_HOME`, or else in `~/.cache`: what can be deleted at any time and is then made or fetched again.
    package static var cache: URL { folder("XDG_CACHE_HOME", orInHome: ".cache") }

    /// `pleura` in `$XDG_DATA_HOME`, or else in `~/.local/share`: what a person would miss.
    package static var data: URL { folder("XDG_DATA_HOME", orInHome: ".local/share") }

    private static func folder(_ variable: String, orInHome usual: String) -> URL {
        let environment = ProcessInfo.processInfo.environment
        // The specification: a relative path is to be ignored.
        func absolute(_ key: String) -> URL? { environment[key].flatMap { $0.hasPrefix("/") ? URL(fileURLWithPath: $0) : nil } }
        let home = absolute("HOME") ?? FileManager.default.homeDirectoryForCurrentUser
        return (absolute(variable) ?? home.appendingPathComponent(usual)).appendingPathComponent("pleura")
    }
}
