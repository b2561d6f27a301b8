import Evaluation
import Foundation
import RunRecords

/// The figures of a cross-validation for a person.
enum ScoresText {
    static func text(_ scores: PooledScores) -> String {
        func figure(_ interval: ConfidenceInterval?) -> String {
            guard let interval else { return "absent" }
            guard let low = interval.low, let high = interval.high else { return String(format: "%.3f", interval.value) }
            return String(format: "%.3f (%.3f to %.3f)", interval.value, low, high)
        }
        var lines = [
            "\(scores.split): \(scores.images) images, \(scores.boxes) boxes, \(scores.patients) patients; 95% by bootstrap over patients",
            "mAP50      \(figure(scores.map50))", "mAP50-95   \(figure(scores.map))", "mAP40      \(figure(scores.map40))",
        ]
        let width = (scores.perClass.keys.map(\.count).max() ?? 0) + 2
        for (name, finding) in scores.perClass.sorted(by: { $0.key < $1.key }) {
            lines.append("  \(name.padding(toLength: width, withPad: " ", startingAt: 0))\(figure(finding.ap50))  of \(finding.n) boxes")
        }
        lines.append(scores.notice)
        return lines.joined(separator: "\n")
    }
}
