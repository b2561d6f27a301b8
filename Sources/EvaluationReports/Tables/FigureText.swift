import Evaluation
import Foundation

/// Figures as people read them: three decimals, a dash for what cannot be told.
package enum FigureText {
    package static let absent = "–"

    package static func value(_ value: Double?, decimals: Int = 3) -> String {
        guard let value, value.isFinite else { return absent }
        let text = String(format: "%.*f", decimals, value)
        // A difference that rounds to nothing has no sign.
        return text.hasPrefix("-") && !text.contains { ("1"..."9").contains($0) } ? String(text.dropFirst()) : text
    }

    /// `0.092 to 0.164`; empty where there are no ends.
    package static func interval(_ low: Double?, _ high: Double?, decimals: Int = 3) -> String {
        guard let low, let high else { return "" }
        return "\(value(low, decimals: decimals)) to \(value(high, decimals: decimals))"
    }

    package static func signed(_ value: Double?) -> String {
        let text = Self.value(value)
        return (value ?? 0) > 0 && text.contains { ("1"..."9").contains($0) } ? "+" + text : text
    }

    /// `0.021`, `< 0.002`: never smaller than the draws can tell.
    package static func pValue(_ value: Double?, draws: Int) -> String {
        guard let value else { return absent }
        let least = 2 / Double(draws + 1)
        return value <= least * 1.001 ? "< \(short(max(least, 0.0001)))" : Self.value(value)
    }

    /// As few digits as tell it: `0.2`, `0.0412`, `12`.
    package static func short(_ value: Double) -> String { String(format: "%.3g", value) }

    /// `12 %`.
    package static func percent(_ share: Double?) -> String { share.map { String(format: "%.0f %%", $0 * 100) } ?? absent }

    /// A kind of TIDE's in words.
    package static func kind(_ name: String) -> String {
        switch name {
        case "classification": "right place, wrong name"
        case "localisation": "right name, poor place"
        case "both": "wrong name, poor place"
        case "duplicate": "found a second time"
        case "background": "nothing there"
        case "missed": "missed"
        default: name
        }
    }

    /// A subgroup's figure in words.
    package static func figure(_ name: String) -> String {
        switch name {
        case "map50": "mAP50"
        case "sensitivity": "boxes found"
        case "false_boxes_per_image": "false boxes an image"
        case "auroc_any": "AUROC of any abnormality"
        default: name
        }
    }
}

extension EvaluationReport {
    /// The findings in the order of the label map: as the confusion has them, without the background.
    package var labels: [String] { Array(confusion.labels.dropLast()) }

    /// `nih8-fast 1.0.0`, or the name of a file.
    package var subjectName: String { subject.title }
}

extension EvaluationReport.Subject {
    package var title: String { [name, version].compactMap { $0 }.joined(separator: " ") }
}
