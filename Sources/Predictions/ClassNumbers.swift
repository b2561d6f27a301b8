import Evaluation
import Findings

/// What the numbers mean by which results name findings: ids of the label map, from 1, or places in it, from 0.
struct ClassNumbers {
    /// What the numbers should be by the title that they stand under.
    enum Title {
        /// COCO's `category_id`.
        case id
        /// `class_id` and the like, as YOLO counts.
        case place
        /// `class` or `label`, which say nothing.
        case unclear(String)
    }

    /// True for places.
    let arePlaces: Bool
    /// What is told where they are not what the title says.
    let note: String?

    /// - Throws: `EvaluationError` where both fit and no title says which is meant.
    init(_ numbers: Set<Int>, under title: Title, findingClasses: [FindingClass]) throws {
        let ids = Set(findingClasses.map(\.id))
        let (areIDs, arePlaces) = (numbers.isSubset(of: ids), numbers.allSatisfy(findingClasses.indices.contains))
        switch title {
        case .id:
            self.arePlaces = !areIDs && arePlaces && numbers.contains(0)
            note =
                self.arePlaces ? "the numbers of the findings begin at 0: they are taken as places in the label map, not as its ids" : nil
        case .place:
            self.arePlaces = arePlaces || !areIDs
            note = self.arePlaces ? nil : "the numbers of the findings do not begin at 0: they are taken as ids of the label map"
        case .unclear(let name):
            guard !areIDs || !arePlaces || numbers.isEmpty else {
                throw EvaluationError(
                    .malformed,
                    "the numbers under \"\(name)\" could be ids of the label map, from 1, or places in it, from 0; call them category_id or "
                        + "class_id, or give the names of the findings")
            }
            self.arePlaces = arePlaces || (!areIDs && numbers.contains(0))
            note = nil
        }
    }

    func category(_ number: Int) -> PredictedBox.Category { arePlaces ? .index(number) : .id(number) }
}
