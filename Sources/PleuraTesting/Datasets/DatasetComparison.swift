import Datasets
import Findings
import Foundation
import Geometry
import Interchange

/// What differs between two datasets, in words.
public struct DatasetComparison {
    /// What is compared; the rest may differ.
    public var contents: FormatContents
    /// Of each edge of a box, in pixels; at least half a pixel where `contents` have whole pixels only.
    public var tolerance: Double

    public init(contents: FormatContents, tolerance: Double = 0) { (self.contents, self.tolerance) = (contents, tolerance) }

    /// A line for each; none where `b` has all of `a` that is compared.
    public func differences(_ a: Dataset, _ b: Dataset) -> [String] {
        var found = classDifferences(a, b)
        let others = Dictionary(b.images.map { ($0.fileName, $0) }) { first, _ in first }
        if others.count != b.images.count { found.append("a file name occurs twice") }
        let names = Set(a.images.map(\.fileName))
        found += b.images.filter { !names.contains($0.fileName) }.map { "\($0.fileName): came from nowhere" }
        for image in a.images {
            guard let other = others[image.fileName] else {
                if !image.boxes.isEmpty || contents.contains(.emptyImages) { found.append("\(image.fileName): is missing") }
                continue
            }
            found += imageDifferences(image, other, a, b).map { "\(image.fileName): \($0)" }
        }
        if contents.contains(.folds) {
            found += a.folds.filter { b.folds[$0.key] != $0.value }.map {
                "fold of \($0.key): \($0.value), \(String(describing: b.folds[$0.key]))"
            }
            // An import gives a fold to patients that are numbers.
            found += b.folds.filter { a.folds[$0.key] == nil && Int($0.key) == nil }.map { "fold of \($0.key): nil, \($0.value)" }
        }
        return found
    }

    private func classDifferences(_ a: Dataset, _ b: Dataset) -> [String] {
        guard contents.contains(.findings) else { return [] }
        let used = Set(a.images.flatMap { $0.boxes.map(\.classID) })
        let expected = contents.contains(.unusedClasses) ? a.findingClasses : a.findingClasses.filter { used.contains($0.id) }
        let (names, others) = (expected.map(\.name).sorted(), b.findingClasses.map(\.name).sorted())
        if names != others { return ["findings: \(names), \(others)"] }
        guard contents.contains(.classIDs) else { return [] }
        let ids = Dictionary(b.findingClasses.map { ($0.name, $0.id) }) { first, _ in first }
        return expected.filter { ids[$0.name] != $0.id }.map { "id of \($0.name): \($0.id), \(String(describing: ids[$0.name]))" }
    }

    private func imageDifferences(_ image: DatasetImage, _ other: DatasetImage, _ a: Dataset, _ b: Dataset) -> [String] {
        var found: [String] = []
        func compare<Value: Equatable>(_ what: String, _ one: Value, _ two: Value) {
            if one != two { found.append("\(what): \(one), \(two)") }
        }
        compare("size", [image.width, image.height], [other.width, other.height])
        if (try? Data(contentsOf: a.url(of: image))) != (try? Data(contentsOf: b.url(of: other))) { found.append("another picture") }
        if contents.contains(.patients) || image.patient == PatientNames.automatic.patient(fileName: image.fileName) {
            compare("patient", image.patient, other.patient)
        }
        if contents.contains(.views) { compare("view", image.view, other.view) }
        if contents.contains(.parts) { compare("part", image.part, other.part) }
        if contents.contains(.imageLabels) { compare("labels", image.labels.map { $0.sorted() }, other.labels.map { $0.sorted() }) }
        if contents.contains(.attributes) { compare("attributes", image.attributes, other.attributes) }
        return found + boxDifferences(image, other, a, b)
    }

    /// Order does not matter: each box of one takes a box of the other that is the same.
    private func boxDifferences(_ image: DatasetImage, _ other: DatasetImage, _ a: Dataset, _ b: Dataset) -> [String] {
        var found: [String] = []
        var left = other.boxes
        let (names, otherNames) = (Self.names(a), Self.names(b))
        for annotation in image.boxes {
            let match = left.firstIndex {
                (!contents.contains(.findings) || names[annotation.classID] == otherNames[$0.classID])
                    && (!contents.contains(.readers) || annotation.reader == $0.reader)
                    && (!contents.contains(.agreement) || isSame(annotation.agreement, $0.agreement)) && isSame(annotation.box, $0.box)
            }
            if let match { left.remove(at: match) } else { found.append("no such box: \(annotation)") }
        }
        return found + left.map { "one box more: \($0)" }
    }

    private static func names(_ dataset: Dataset) -> [Int: String] {
        Dictionary(dataset.findingClasses.map { ($0.id, $0.name) }) { first, _ in first }
    }

    private func isSame(_ a: Double?, _ b: Double?) -> Bool {
        guard let a, let b else { return a == nil && b == nil }
        return abs(a - b) <= min(tolerance, 1e-4)
    }

    private func isSame(_ a: Box, _ b: Box) -> Bool {
        let limit = max(tolerance, contents.contains(.fractions) ? 0 : 0.5 + 1e-9)
        return zip([a.x, a.y, a.maxX, a.maxY], [b.x, b.y, b.maxX, b.maxY]).allSatisfy { abs($0 - $1) <= limit }
    }
}
