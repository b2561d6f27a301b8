import Basics
import Detection
import Findings
import Foundation
import Outputs
import Reports

/// The parts of a batch together, after a look whether every image of the list was done, and once.
public struct BatchMerge: Sendable {
    /// What the parts hold.
    public struct Summary: Hashable, Sendable, Codable {
        public var images = 0
        public var parts = 0
        public var findings = 0
        /// Images without findings, for they could not be read.
        public var failed = 0
    }

    private struct Place {
        var part: Int
        var range: Range<Int>
    }
    /// What is looked at of an image's JSON.
    private struct Entry: Decodable {
        struct Finding: Decodable {}
        var image: String
        var findings: [Finding]
        var error: String?
    }

    private let manifest: BatchManifest
    private let parts: [(name: String, lines: ShardLines)]
    private let head: ShardHead
    private let places: [Place]

    /// Reads the parts of a folder.
    /// - Throws: `BatchError`: of code `incomplete` where images were not done or done twice, each named up to twenty; `otherBatch` where parts were
    ///   asked for differently; `damaged`.
    public init(folder: URL) throws(BatchError) {
        manifest = try BatchManifest(folder: folder)
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
            .filter { $0.hasPrefix("shard-") && $0.hasSuffix(".jsonl") }.sorted { $0.compare($1, options: .numeric) == .orderedAscending }
        var parts: [(name: String, lines: ShardLines)] = []
        var first: (name: String, head: ShardHead)?
        for name in names {
            let lines = try ShardLines(path: folder.appendingPathComponent(name).path, name: name)
            guard let head = lines.head else { continue }
            guard head.manifest == manifest.digest else { throw BatchError(.otherBatch, "\(name): it is of another list of images") }
            if let first, let difference = head.difference(from: first.head) {
                throw BatchError(.otherBatch, "\(name): \(difference), as \(first.name) has it")
            }
            if first == nil { first = (name, head) }
            parts.append((name, lines))
        }
        guard let first else { throw BatchError(.incomplete, "no part of the batch was begun") }
        (self.parts, head) = (parts, first.head)
        places = try Self.places(parts, manifest)
    }

    private static func places(
        _ parts: [(name: String, lines: ShardLines)], _ manifest: BatchManifest
    ) throws(BatchError) -> [Place] {
        var places = [Place?](repeating: nil, count: manifest.inputs.count)
        var twice: [Int] = []
        for (part, (name, lines)) in parts.enumerated() {
            for entry in lines.entries {
                guard places.indices.contains(entry.index) else {
                    throw BatchError(.damaged, "\(name) has an image \(entry.index), and the list has \(places.count)")
                }
                if places[entry.index] != nil { twice.append(entry.index) }
                places[entry.index] = Place(part: part, range: entry.range)
            }
        }
        let missing = places.indices.filter { places[$0] == nil }
        guard missing.isEmpty, twice.isEmpty else {
            throw BatchError(
                .incomplete, "of \(places.count) images \(missing.count) were not done and \(twice.count) were done more than once",
                details: named(missing, "was not done", manifest) + named(twice, "was done more than once", manifest))
        }
        return places.compactMap { $0 }
    }

    private static func named(_ indices: [Int], _ what: String, _ manifest: BatchManifest) -> [String] {
        let shown = indices.prefix(20).map { "\(manifest.inputs[$0].path): \(what)" }
        return indices.count > shown.count ? shown + ["and \(indices.count - shown.count) more: \(what)"] : shown
    }

    /// Looks into every line, and writes the document that one program would have written of all images (`FindingsJSON`).
    /// - Parameters:
    ///   - json: Gets the document piece by piece; `nil` for none.
    ///   - failed: Told of each image that could not be read, and why.
    /// - Throws: `BatchError` of code `damaged` where a line is about another image than the list has in its place; what `json` throws.
    public func write(json: ((Data) throws -> Void)?, failed: (_ name: String, _ reason: String) -> Void) throws -> Summary {
        var summary = Summary()
        summary.parts = parts.count
        let decoder = JSONDecoder()
        try json?(Data(FindingsJSON.beginning(model: head.model, notice: head.notice).utf8))
        for (index, place) in places.enumerated() {
            let text = parts[place.part].lines.bytes[place.range]
            guard let entry = try? decoder.decode(Entry.self, from: text), entry.image == manifest.inputs[index].path else {
                throw BatchError(.damaged, "\(parts[place.part].name): what stands of image \(index) cannot be read or is of another")
            }
            summary.images += 1
            summary.findings += entry.findings.count
            if let error = entry.error {
                summary.failed += 1
                failed(entry.image, error)
            }
            if index > 0 { try json?(Data(FindingsJSON.separator.utf8)) }
            try json?(text)
        }
        try json?(Data(FindingsJSON.end.utf8))
        return summary
    }
}
