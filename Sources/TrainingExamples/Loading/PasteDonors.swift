import Basics
import Findings
import Networks

/// The boxes that can be put into other pictures, every finding as often.
struct PasteDonors: Sendable {
    /// For each finding the pictures and boxes that have it.
    private let donors: [[(picture: Int, box: Int)]]

    /// - Parameter findings: Their names; all where none is named.
    init(_ store: ExampleStore, findings: [String]) {
        var columns: [Int: [(picture: Int, box: Int)]] = [:]
        for picture in store.boxed {
            for (index, box) in store.entries[picture].boxes.enumerated() {
                guard store.findings.indices.contains(box.classIndex), box.isPresent else { continue }
                guard findings.isEmpty || findings.contains(store.findings[box.classIndex]) else { continue }
                columns[box.classIndex, default: []].append((picture, index))
            }
        }
        donors = columns.sorted { $0.key < $1.key }.map(\.value)
    }

    /// `nil` where there is none at all.
    func next(using generator: inout SeededGenerator) -> (picture: Int, box: Int)? {
        donors.randomElement(using: &generator)?.randomElement(using: &generator)
    }
}
