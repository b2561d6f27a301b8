import Findings
import Foundation
import Outputs

/// A folder of annotated pictures, one an image, whose names tell which.
///
/// Names are given out in the order of the calls, so the same inputs in the same order get the same names.
public struct PictureFolder: Sendable {
    public let directory: URL
    private var taken: Set<String> = []
    private var written: [URL] = []
    private let places: OutputPlaces
    /// What was in the folder before, by its name without regard to case.
    private let former: [String: [String]]

    /// - Parameter places: Where the run's inputs and other outputs lie, should the pictures go beside them.
    package init(directory: URL, places: OutputPlaces = OutputPlaces()) {
        self.directory = directory
        self.places = places
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
        former = Dictionary(grouping: names) { $0.lowercased() }
    }

    /// A name of its own for an image: `chest.jpg` for `a/chest.dcm`, `chest_frame2.jpg` for its second frame, `chest-2.jpg` for the next
    /// input that is called the same, and where a file lies there that Pleura did not write.
    public mutating func name(for reference: ImageReference) -> String {
        let stem = Self.plain(((reference.name as NSString).lastPathComponent as NSString).deletingPathExtension)
        let base = stem + (reference.frame.map { "_frame\($0)" } ?? "")
        var name = base + ".jpg"
        var count = 1
        // Without regard to case: the folder may be read on a system that has none.
        while taken.contains(name.lowercased()) || !isFree(name) {
            count += 1
            name = "\(base)-\(count).jpg"
        }
        taken.insert(name.lowercased())
        return name
    }

    /// Writes an image's picture under a name of its own.
    /// - Returns: The name.
    /// - Throws: `ReportError`.
    public mutating func write(_ jpeg: Data, of reference: ImageReference) throws -> String {
        let name = name(for: reference)
        let file = directory.appendingPathComponent(name)
        try OutputFile.write(jpeg, to: file, synchronises: false)
        written.append(file)
        return name
    }

    /// Waits until all pictures are on the disk: for a thousand of them far sooner than one after another.
    /// - Throws: `ReportError` where the disk says that one is not.
    public func synchronise() throws { try OutputFile.synchronise(written) }

    /// Neither somebody else's, nor the same as that but for the case of its letters.
    private func isFree(_ name: String) -> Bool {
        ([name] + (former[name.lowercased()] ?? [])).allSatisfy { places.isFree(directory.appendingPathComponent($0).path) }
    }

    /// Without what a shell, a page or another file system stumbles over, and short enough for all of them (255 bytes).
    static func plain(_ stem: String) -> String {
        let scalars = stem.unicodeScalars.map { scalar -> Unicode.Scalar in
            let isUnsafe = scalar.properties.generalCategory == .control || "/\\:*?\"<>|".unicodeScalars.contains(scalar)
            return isUnsafe ? "_" : scalar
        }
        var plain = String(String.UnicodeScalarView(scalars))
        while plain.utf8.count > 180 { plain.removeLast() }
        if plain.hasPrefix(".") || plain.hasPrefix("-") { plain = "_" + plain }
        return plain.isEmpty ? "image" : plain
    }
}
