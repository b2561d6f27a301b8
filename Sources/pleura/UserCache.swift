import Crypto
import Foundation
import Inference

/// What is kept between runs in the user's cache folder: compiled networks and the choice of precision. All of it can be deleted at any time.
enum UserCache {
    /// `$XDG_CACHE_HOME/pleura`, else `~/.cache/pleura` (XDG Base Directory Specification); `nil` where there is neither.
    static var directory: URL? {
        let environment = ProcessInfo.processInfo.environment
        // The specification: a relative path is to be ignored.
        if let folder = environment["XDG_CACHE_HOME"], folder.hasPrefix("/") {
            return URL(fileURLWithPath: folder).appendingPathComponent("pleura")
        }
        guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
        return URL(fileURLWithPath: home).appendingPathComponent(".cache/pleura")
    }

    /// One name for a model on a processor with an engine.
    static func key(of digest: String) -> String {
        let processor = Processor.current()
        let machine = ([processor.model, (try? OpenVINO.version()) ?? ""] + processor.features.filter(\.value).keys.sorted())
            .joined(separator: "\n")
        let hash = SHA256.hash(data: Data((digest + "\n" + machine).utf8))
        return hash.prefix(12).map { String(format: "%02x", $0) }.joined()
    }
}
