import Findings

/// Where each finding stands in a dataset's list of findings. A model's findings are matched to the dataset's by name, whatever its case.
public struct FindingColumns: Sendable {
    private let classes: [FindingClass]
    /// By the name in lower case; of equal names the first.
    private let columns: [String: Int]

    /// - Parameter classes: The dataset's, in its order.
    public init(_ classes: [FindingClass]) {
        self.classes = classes
        columns = Dictionary(classes.enumerated().map { ($1.name.lowercased(), $0) }) { first, _ in first }
    }

    /// The finding's position from 0; `nil` where the dataset does not know it.
    public subscript(name: String) -> Int? { columns[name.lowercased()] }

    /// A model's findings as detections of the dataset's classes, boxes in pixels of the image. What the dataset does not know is left out.
    public func detections(_ findings: [Finding]) -> [Detection] {
        findings.compactMap { finding in
            self[finding.findingClass.name].map { Detection(box: finding.boundingBox, classIndex: $0, score: finding.score) }
        }
    }

    /// A whole image's scores in the dataset's order; `nil` where one of its findings has none.
    /// - Parameter scores: By the finding's name, 0 to 1.
    public func row(_ scores: [String: Double]?) -> [Double]? {
        guard let scores else { return nil }
        let byName = Dictionary(scores.map { ($0.key.lowercased(), $0.value) }) { first, _ in first }
        let row = classes.compactMap { byName[$0.name.lowercased()] }
        return row.count == classes.count ? row : nil
    }

    /// The findings of a model that the dataset does not know, in the model's order.
    func unknown(of model: LabelMap) -> [String] { model.classes.map(\.name).filter { self[$0] == nil } }

    /// The findings of the dataset that a model never says, in the dataset's order.
    func neverSaid(by model: LabelMap) -> [String] {
        let said = Set(model.classes.map { $0.name.lowercased() })
        return classes.map(\.name).filter { !said.contains($0.lowercased()) }
    }
}
