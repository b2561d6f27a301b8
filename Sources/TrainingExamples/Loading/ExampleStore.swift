import Findings
import Foundation
import Networks
import Radiographs
import Synchronization

/// All training pictures, decoded once, kept in memory as far as a budget goes and else on disk.
package struct ExampleStore: Sendable {
    /// What is known of a picture besides its pixels.
    struct Entry: Sendable {
        let name: String
        /// Pixels of the original.
        let width: Int
        let height: Int
        let boxes: [TrainingBox]
        let imageLabels: [Float]
        let hasBoxes: Bool
        /// [C]: whether places without a box are without the finding; empty where the dataset has no sources.
        var background: [Bool] = []
        /// The sources of the picture.
        var sources: [String] = []

        /// Whether somebody drew a box of something, not only round what is not known.
        var isBoxed: Bool { boxes.contains(where: \.isPresent) }
    }

    /// The names of the findings, by column.
    package let findings: [String]
    /// Those of the pictures with one box or more.
    package let boxed: [Int]
    /// Those on which nothing is found.
    package let normal: [Int]
    /// Those of which only whole-image findings are known.
    package let labelled: [Int]
    /// One line for each picture that could not be read at the start and was left out.
    package let failures: [String]
    /// What a person should know before training.
    package let warnings: [String]
    package let keeper: PictureKeeper
    /// Of every picture: 1, or 3 for colour.
    package let channels: Int
    let entries: [Entry]
    private let broken = BrokenPictures()

    init(
        findings: [String], entries: [Entry], keeper: PictureKeeper, failures: [String], channels: Int = 1, notes: [String] = []
    ) {
        self.channels = channels
        (self.findings, self.entries, self.keeper, self.failures) = (findings, entries, keeper, failures)
        boxed = entries.indices.filter { entries[$0].isBoxed }
        normal = entries.indices.filter { !entries[$0].isBoxed && entries[$0].hasBoxes }
        labelled = entries.indices.filter { !entries[$0].hasBoxes }
        let seen = Set(entries.lazy.flatMap(\.boxes).filter(\.isPresent).flatMap(\.classes))
        let missing = findings.indices.filter { !seen.contains($0) }.map { findings[$0] }
        let them = missing.count == 1 ? "it" : "them"
        warnings =
            notes
            + (missing.isEmpty || boxed.isEmpty
                ? [] : ["no image has a box of \(missing.joined(separator: ", ")): the detector will not learn \(them)"])
    }

    /// The pictures' names.
    package var names: Set<String> { Set(entries.lazy.map(\.name)) }

    /// How many pictures there are.
    package var count: Int { entries.count }

    /// A picture; `nil` where it can no longer be read, which is told once.
    package func example(_ index: Int) -> Example? {
        let entry = entries[index]
        guard !broken.contains(index) else { return nil }
        guard let planes = keeper.picture(index), let pixels = planes.first else {
            broken.add(index, "\(entry.name): the picture kept on disk cannot be read back or is damaged; others take its place")
            return nil
        }
        return Example(
            pixels: pixels, width: entry.width, height: entry.height, boxes: entry.boxes, imageLabels: entry.imageLabels,
            hasBoxes: entry.hasBoxes, background: entry.background, furtherPlanes: Array(planes.dropFirst()))
    }

    /// One line for each picture that has become unreadable since the last call.
    package func takeNewFailures() -> [String] { broken.takeNew() }

    /// At most `limit` pictures, evenly from all.
    package func sample(limit: Int) -> [PixelImage] { samplePlanes(limit: limit).compactMap(\.first) }

    /// The same with all planes of each: one, or red, green and blue.
    package func samplePlanes(limit: Int) -> [[PixelImage]] {
        let step = max(1, (entries.count + limit - 1) / max(1, limit))
        return stride(from: 0, to: entries.count, by: step).compactMap { keeper.picture($0) }
    }

    /// The sources of a picture.
    func sources(of index: Int) -> [String] { entries[index].sources }

    /// The columns of what is found on a picture.
    func findings(of index: Int) -> Set<Int> {
        let entry = entries[index]
        guard !entry.isBoxed else { return Set(entry.boxes.filter(\.isPresent).flatMap(\.classes)) }
        return Set(entry.imageLabels.indices.filter { entry.imageLabels[$0] == 1 })
    }
}

/// Pictures that could be read once and no longer can.
private final class BrokenPictures: Sendable {
    private struct State {
        var indices: Set<Int> = []
        var untold: [String] = []
    }

    private let state = Mutex(State())

    func contains(_ index: Int) -> Bool { state.withLock { $0.indices.contains(index) } }
    func add(_ index: Int, _ line: String) { state.withLock { if $0.indices.insert(index).inserted { $0.untold.append(line) } } }

    func takeNew() -> [String] {
        state.withLock { state in
            defer { state.untold = [] }
            return state.untold
        }
    }
}
