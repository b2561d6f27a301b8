import Datasets
import Findings

/// What is known of findings of whole images, as a row [C] an image: 1 present, 0 absent, NaN not known.
struct ImageLabelTable {
    private let columns: [String: Int]
    /// The findings that a whole-image label of the dataset names anywhere. Of a finding that none ever names the labels' source
    /// knows nothing.
    private let named: Set<Int>
    private let count: Int

    init(_ dataset: Dataset) {
        columns = Dictionary(dataset.findingClasses.enumerated().map { ($1.name, $0) }) { first, _ in first }
        count = dataset.findingClasses.count
        named = Set(dataset.images.lazy.compactMap(\.labels).joined().compactMap { [columns] in columns[$0] })
    }

    /// - Parameters:
    ///   - labels: Findings said of the whole image; `nil` where nobody said any.
    ///   - boxes: Their columns.
    ///   - hasBoxes: Whether the boxes are all there are.
    func row(labels: [String]?, boxes: Set<Int>, hasBoxes: Bool) -> [Float] {
        let said = Set((labels ?? []).compactMap { columns[$0] })
        return (0..<count).map { column in
            if boxes.contains(column) || said.contains(column) { return 1 }
            return hasBoxes || named.contains(column) ? 0 : .nan
        }
    }

    /// The row of an image of a dataset with sources.
    /// - Parameters:
    ///   - knowledge: [C].
    ///   - boxes: The columns of its boxes.
    ///   - open: The columns of which it is not known, somewhere, whether they are there.
    static func row(_ knowledge: [FindingKnowledge], boxes: Set<Int>, open: Set<Int>) -> [Float] {
        knowledge.enumerated().map { column, known in
            if boxes.contains(column) || known == .present { return 1 }
            switch known {
            case .absent: return 0
            // What may be in the open place would be there, though nobody says so.
            case .complete: return open.contains(column) ? .nan : 0
            case .present, .boxedInPart, .unknown: return .nan
            }
        }
    }
}
