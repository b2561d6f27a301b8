import Evaluation
import Foundation

extension EvaluationReport {
    /// What the detector does wrong most, in sentences with counts: what it misses, takes for something else and marks where nothing is
    /// drawn, and the parts of the images where it does otherwise than on the rest. For a model's card, whose reader looks for it
    /// (Mitchell et al. 2019, "caveats").
    ///
    /// At the report's score and an overlap of 0.5, as in its confusion matrix; a part only where its gap's interval leaves zero out.
    public var failureModes: [String] { missed + misnamed + falseBoxes + differingParts }

    private static let sentencesOfAKind = 3

    private static func text(_ value: Double) -> String { String(format: "%.2f", value) }

    private var background: Int { confusion.labels.count - 1 }
    private var findings: Range<Int> { 0..<max(0, background) }

    private var missed: [String] {
        let rows = findings.map { row in
            (label: confusion.labels[row], missed: confusion.counts[row][background], all: confusion.counts[row].reduce(0, +))
        }
        let worst = rows.filter { $0.missed > 0 }
            .sorted { (Double($1.missed) / Double($1.all), $0.label) < (Double($0.missed) / Double($0.all), $1.label) }
        return worst.prefix(Self.sentencesOfAKind).map {
            "Misses \($0.missed) of \($0.all) boxes of \($0.label) at a score of \(Self.text(scoreThreshold))."
        }
    }

    private var misnamed: [String] {
        let pairs = findings.flatMap { row in findings.filter { $0 != row }.map { (row: row, column: $0) } }
            .map { (truth: $0.row, said: $0.column, count: confusion.counts[$0.row][$0.column]) }
        let most = pairs.filter { $0.count > 1 }.sorted { ($1.count, $0.truth, $0.said) < ($0.count, $1.truth, $1.said) }
        return most.prefix(Self.sentencesOfAKind).map { pair in
            let all = confusion.counts[pair.truth].reduce(0, +)
            return "Takes \(confusion.labels[pair.truth]) for \(confusion.labels[pair.said]): \(pair.count) of \(all) boxes."
        }
    }

    private var falseBoxes: [String] {
        let columns = findings.map { (label: confusion.labels[$0], count: confusion.counts[background][$0]) }
        let most = columns.filter { $0.count > 0 }.sorted { ($1.count, $0.label) < ($0.count, $1.label) }
        return most.prefix(Self.sentencesOfAKind).map {
            "Marks \($0.label) where readers drew nothing: \($0.count == 1 ? "1 box" : "\($0.count) boxes") on \(images) images."
        }
    }

    private var differingParts: [String] {
        let text = Self.text
        return subgroups.flatMap { part in
            part.comparison.groups.compactMap { group -> String? in
                // Of false boxes fewer are better, of all other figures more.
                let isFewerBetter = part.figure == EvaluationReport.falseBoxesFigure
                guard group.isFlagged, let figure = group.figure, let gap = group.gap, isFewerBetter ? gap.value > 0 : gap.value < 0
                else { return nil }
                return "Is worse where \(part.comparison.attribute) is \(group.name): \(part.figure) \(text(figure.value)), "
                    + "\(text(abs(gap.value))) \(isFewerBetter ? "above" : "below") the others (\(group.images) images)."
            }
        }
    }
}
