import Foundation

/// The way from one folder to another.
package enum RelativePath {
    /// Such as `../models/a`; links are followed first.
    package static func from(_ folder: URL, to other: URL) -> String {
        let (start, end) = (folder.resolvingSymlinksInPath().pathComponents, other.resolvingSymlinksInPath().pathComponents)
        let common = zip(start, end).prefix { $0 == $1 }.count
        return (Array(repeating: "..", count: start.count - common) + end[common...]).joined(separator: "/")
    }
}
