import Datasets
import Evaluation
import Findings
import Foundation
import Geometry

/// Brings a detector's results to the images they are about, and says what is wrong with them.
///
/// - Left out, with a line: a row of an unknown image or class, whose score or box is not finite, or whose box has no size.
/// - Scored, with a line: a box wholly outside its image (it is false, and leaving it out would flatter the detector).
/// - Scored, with one line for all: boxes that reach beyond their image; boxes that all end at the first pixel, as where coordinates are
///   shares of the image; no rows at all (every box is then missed).
/// - Refused: rows of which none is about a known image, or none can be scored.
public struct PredictionCheck: Sendable {
    private let images: [EvaluatedImage]
    private let findingClasses: [FindingClass]
    private let names: ImageNames
    private let idIndex: [Int: Int]
    private let nameIndex: [String: Int]

    /// - Parameter images: With their truth; detections they have are kept.
    /// - Throws: `EvaluationError` where there are no images or classes, or two images of one id.
    public init(images: [EvaluatedImage], findingClasses: [FindingClass]) throws {
        guard !images.isEmpty else { throw EvaluationError(.missing, "there are no images to score on") }
        guard !findingClasses.isEmpty else { throw EvaluationError(.missing, "there are no classes to score") }
        self.images = images
        self.findingClasses = findingClasses
        names = ImageNames(images.map(\.id))
        let doubled = images.count - Set(images.map(\.id)).count
        guard doubled == 0 else {
            throw EvaluationError(
                .malformed, "\(doubled) of the images have the name of another: results cannot be told apart")
        }
        idIndex = findingClasses.columns
        nameIndex = Dictionary(findingClasses.enumerated().map { ($1.name.lowercased(), $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// - Throws: `EvaluationError` where there are rows and none of them is about a known image, or none can be scored.
    public func check(_ predictions: some Sequence<PredictedBox>) throws -> CheckedPredictions {
        var checked = CheckedPredictions(images: images, problems: [], used: 0, leftOut: 0)
        var (known, beyond, atCorner) = (0, 0, 0)
        for row in predictions {
            let match = names.match(row.image)
            guard case .one(let image) = match else {
                checked.leaveOut(row, match == .several ? "several images have this name" : "there is no such image")
                continue
            }
            known += 1
            guard let classIndex = index(of: row.category) else {
                checked.leaveOut(row, "there is no such class in the label map")
                continue
            }
            if let reason = Self.fault(row) {
                checked.leaveOut(row, reason)
                continue
            }
            let (width, height) = (Double(images[image].width), Double(images[image].height))
            if row.box.clipped(toWidth: width, height: height).isEmpty {
                checked.problems.append("\(row.place): the box lies outside its image; it counts as false")
            } else if row.box.x < -1 || row.box.y < -1 || row.box.maxX > width + 1 || row.box.maxY > height + 1 {
                beyond += 1
            }
            if row.box.maxX <= 1.5, row.box.maxY <= 1.5 { atCorner += 1 }
            checked.images[image].detections.append(Detection(box: row.box, classIndex: classIndex, score: row.score))
            checked.used += 1
        }
        let rows = checked.used + checked.leftOut
        guard rows == 0 || known > 0 else {
            throw EvaluationError(.mismatch, "none of the \(rows) predictions is about one of the \(images.count) images")
        }
        guard rows == 0 || checked.used > 0 else {
            throw EvaluationError(.malformed, "none of the \(rows) predictions can be scored: \(checked.problems.first ?? "")")
        }
        if rows == 0 { checked.problems.append("there are no predictions: every box counts as missed") }
        if beyond > 0 { checked.problems.append("\(beyond) of the boxes reach beyond their image and are scored as they are") }
        if atCorner > 0, atCorner == checked.used {
            checked.problems.append("every box ends at the first pixel: its coordinates seem to be shares of the image, and must be pixels")
        }
        tellAbsentClasses(&checked)
        return checked
    }

    private func tellAbsentClasses(_ checked: inout CheckedPredictions) {
        let there = Set(images.flatMap { $0.truth.filter { !$0.isCrowd }.map(\.classIndex) })
        for (index, findingClass) in findingClasses.enumerated() where !there.contains(index) {
            checked.problems.append("no box of \(findingClass.name) is drawn on these images: its figures are absent, not zero")
        }
    }

    private func index(of category: PredictedBox.Category) -> Int? {
        switch category {
        case .id(let id): idIndex[id]
        case .name(let name): nameIndex[name.lowercased()]
        case .index(let index): findingClasses.indices.contains(index) ? index : nil
        }
    }

    private static func fault(_ row: PredictedBox) -> String? {
        if !row.score.isFinite { return "the score is not a finite number" }
        let edges = [row.box.x, row.box.y, row.box.width, row.box.height, row.box.maxX, row.box.maxY, row.box.width * row.box.height]
        if !edges.allSatisfy(\.isFinite) { return "the box is not of finite numbers" }
        if row.box.width < 0 || row.box.height < 0 { return "the box has a negative size" }
        return row.box.isEmpty ? "the box has no size" : nil
    }
}

extension CheckedPredictions {
    fileprivate mutating func leaveOut(_ row: PredictedBox, _ reason: String) {
        problems.append("\(row.place): \(reason); left out")
        leftOut += 1
    }
}
