import Basics
import Evaluation
import EvaluationReports
import Foundation

/// What the pages of evaluations and of comparisons say alike.
enum EvaluationMarkup {
    static func frame(_ title: String, nonce: String) -> PageFrame {
        PageFrame(title, styles: [.figures, .evaluation], showsPictures: true, nonce: nonce)
    }

    /// The sentences a reader must know; the worst first, in red.
    static func warnings(_ warnings: [EvaluationReport.Warning]) -> String {
        let order = warnings.filter { $0.severity == .danger } + warnings.filter { $0.severity == .note }
        return order.map { "<p class=\"\($0.severity.rawValue)\" role=\"note\">\(MarkupText.escaped($0.text))</p>\n" }.joined()
    }

    /// Name and value pairs; those without a value are left out.
    static func facts(_ facts: [(String, String?)]) -> String {
        "<dl class=\"facts\">"
            + facts.compactMap { name, value in value.map { "<div><dt>\(name)</dt><dd>\(MarkupText.escaped($0))</dd></div>" } }.joined()
            + "</dl>\n"
    }

    /// How a section's figures are computed and on which images, beside them.
    static func how(_ text: String?) -> String { text.map { "<p class=\"note\">\(MarkupText.escaped(Self.sentence($0)))</p>\n" } ?? "" }

    static func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() + "." }

    /// A value with its interval under it.
    static func cell(_ value: Double?, _ low: Double? = nil, _ high: Double? = nil, decimals: Int = 3) -> String {
        let interval = FigureText.interval(low, high, decimals: decimals)
        return "<td\(value == nil ? " class=\"zero\"" : "")>\(FigureText.value(value, decimals: decimals))"
            + (interval.isEmpty ? "" : "<span class=\"between\">\(interval)</span>") + "</td>"
    }

    static func cell(_ figure: ReportedFigure?) -> String { cell(figure?.value, figure?.low, figure?.high) }
    static func cell(_ interval: ConfidenceInterval?) -> String { cell(interval?.value, interval?.low, interval?.high) }
}
