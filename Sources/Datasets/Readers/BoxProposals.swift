import Findings
import Foundation
import Geometry

/// Boxes for findings that a whole image is said to have but of which nobody drew one: the best box of a detector that has learnt from
/// those that were drawn. The label says that the finding is there, so only its place is guessed (omni-supervised learning:
/// Radosavovic et al., CVPR 2018; for chest findings Li et al., Thoracic disease identification and localization with limited
/// supervision, CVPR 2018).
///
/// A proposed box counts for less than a drawn one: its agreement is `weight` times its score over that of the finding's surest
/// proposals, at most `weight`.
public struct BoxProposals: Sendable {
    /// What the surest proposals count in a training, where a drawn box counts 1.
    public var weight: Double
    /// Of each finding this share of the proposals, the least sure, is not taken: there nothing is said of the finding's place.
    public var refusedShare: Double
    /// The name of the reader that proposed boxes get.
    public var reader: String

    public init(weight: Double = 0.7, refusedShare: Double = 0.25, reader: String) {
        self.weight = weight
        self.refusedShare = refusedShare
        self.reader = reader
    }

    /// The findings of an image that are said of it and have no box.
    public static func unboxed(_ image: DatasetImage, in dataset: Dataset) -> [FindingClass] {
        guard let labels = image.labels else { return [] }
        let (said, boxed) = (Set(labels), Set(image.boxes.map(\.classID)))
        return dataset.findingClasses.filter { said.contains($0.name) && !boxed.contains($0.id) }
    }

    /// - Parameters:
    ///   - dataset: As it is.
    ///   - detections: By image id, a detector's boxes in pixels of the image, their classes by column of the dataset's; images that are
    ///     not there stay as they are.
    /// - Returns: The dataset with the proposals, and how many there are of each finding, by its column.
    public func callAsFunction(_ dataset: Dataset, detections: [Int: [Detection]]) -> (dataset: Dataset, counts: [Int]) {
        let columns = dataset.findingClasses.columns
        var proposals: [[(image: Int, detection: Detection)]] = dataset.findingClasses.map { _ in [] }
        for (index, image) in dataset.images.enumerated() {
            guard let found = detections[image.id] else { continue }
            for findingClass in Self.unboxed(image, in: dataset) {
                guard let column = columns[findingClass.id],
                    let best = found.filter({ $0.classIndex == column && !$0.box.isEmpty }).max(by: { $0.score < $1.score })
                else { continue }
                proposals[column].append((index, best))
            }
        }
        var result = dataset
        var counts = dataset.findingClasses.map { _ in 0 }
        for (column, all) in proposals.enumerated() where !all.isEmpty {
            let sorted = all.sorted { $0.detection.score > $1.detection.score }
            let taken = sorted.prefix(Int((Double(all.count) * (1 - refusedShare)).rounded()))
            // The surest tenth counts in full.
            let sure = max(1e-9, sorted[all.count / 10].detection.score)
            for (index, detection) in taken {
                let agreement = weight * min(1, detection.score / sure)
                result.images[index].boxes.append(
                    Annotation(
                        classID: dataset.findingClasses[column].id, box: detection.box, reader: reader,
                        agreement: (agreement * 1000).rounded() / 1000))
            }
            counts[column] = taken.count
        }
        return (result, counts)
    }
}
