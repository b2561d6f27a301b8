import Foundation

/// What a run is going to write, held against what it reads and what is there, before any work is done.
package struct OutputPlaces {
    private let inputs: Set<FileIdentity>
    /// Standardised paths, without regard to case: the folder may be read on a system that has none.
    private let inputPaths: Set<String>
    private var claimed: [String: String] = [:]

    /// - Parameter inputs: Files that the run reads, by any name.
    package init(inputs: [String] = []) {
        self.inputs = Set(inputs.compactMap(FileIdentity.init))
        inputPaths = Set(inputs.map(Self.key))
    }

    /// Takes a place for an output; `-` and devices are free to all.
    /// - Parameter option: Who asks, such as `--json`.
    /// - Throws: `ReportError` of code `inTheWay` where the place is an input's, another output's, or a file's that Pleura did not write.
    package mutating func claim(_ path: String, for option: String) throws {
        guard path != "-", case .file(let place) = try OutputPlace(path) else { return }
        guard !isInput(place) else { throw ReportError(.inTheWay, "\(option) \(path): it is one of the inputs") }
        if let other = claimed.updateValue(option, forKey: Self.key(place)) {
            throw ReportError(.inTheWay, "\(option) \(path): \(other) goes there too")
        }
        if let refusal = Self.refusal(place, called: "\(option) \(path)") { throw refusal }
    }

    /// Whether a file of a folder may be written under a name: neither an input nor another output nor somebody else's.
    package func isFree(_ path: String) -> Bool {
        guard case .file(let place)? = try? OutputPlace(path) else { return false }
        return !isInput(place) && claimed[Self.key(place)] == nil && Self.refusal(place, called: path) == nil
    }

    /// Why the file at a place must stay; `nil` where none is there, or one of Pleura's own.
    static func refusal(_ place: String, called name: String) -> ReportError? {
        guard FileManager.default.fileExists(atPath: place), !OwnFile.isOurs(place) else { return nil }
        return ReportError(.inTheWay, "\(name): a file is there that Pleura did not write; name another, or move it away")
    }

    private func isInput(_ place: String) -> Bool {
        FileIdentity(place).map(inputs.contains) == true || inputPaths.contains(Self.key(place))
    }

    /// The folder may be reached by links.
    private static func key(_ path: String) -> String {
        let url = URL(fileURLWithPath: path).standardizedFileURL
        let folder = url.deletingLastPathComponent().resolvingSymlinksInPath()
        return folder.appendingPathComponent(url.lastPathComponent).path.lowercased()
    }
}
