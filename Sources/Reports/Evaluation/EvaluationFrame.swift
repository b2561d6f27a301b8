import Basics
import Evaluation
import Findings
import Foundation
import Outputs

/// What stands around the sections of a page of figures: no script, nothing loaded from anywhere.
enum EvaluationFrame {
    static func page(title: String, heading: String, sections: [String], nonce: String) -> String {
        let nonce = MarkupText.escaped(nonce)
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            \(OwnFile.generatorMark)
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'nonce-\(nonce)'; \
            base-uri 'none'; form-action 'none'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <title>\(MarkupText.escaped(title))</title>
            <style nonce="\(nonce)">
            \(StatisticsStyle.text)
            \(style)
            </style>
            </head>
            <body>
            <p class="banner" role="note"><b>\(MarkupText.escaped(Notice.banner))</b></p>
            <main>
            <h1>\(heading)</h1>
            \(sections.filter { !$0.isEmpty }.map { "<section>\n\($0)</section>" }.joined(separator: "\n"))
            <p class="note">\(MarkupText.escaped(Notice.researchUseOnly)).</p>
            </main>
            </body>
            </html>

            """
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

    private static let style = """
        :root { --danger: #B3261E; --danger-back: #FCE8E6; --note-back: #FFF7DF; }
        @media (prefers-color-scheme: dark) { :root { --danger: #FF8A80; --danger-back: #3A1210; --note-back: #241D08; } }
        main { max-width: 90rem; }
        .danger, p.danger { margin: .4rem 0; padding: .5rem .8rem; border-left: 5px solid var(--danger); background: var(--danger-back); color: var(--danger); font-weight: 600; }
        main > section > p.note[role] { padding: .4rem .8rem; border-left: 5px solid #E69F00; background: var(--note-back); color: var(--text); max-width: none; }
        .facts { display: flex; flex-wrap: wrap; gap: .3rem 2rem; margin: 0 0 .6rem; }
        .facts dt { color: var(--quiet); font-size: .8rem; }
        .facts dd { margin: 0; overflow-wrap: anywhere; max-width: 46rem; }
        .between { display: block; color: var(--quiet); font-size: .78rem; }
        td.how { white-space: normal; text-align: left; color: var(--quiet); font-size: .78rem; min-width: 16rem; }
        td.main { font-weight: 600; font-size: 1.05rem; }
        td.main .between { font-weight: 400; }
        thead th { max-width: 9rem; white-space: normal; }
        tr.mean th, tr.mean td { border-top: 2px solid var(--quiet); font-weight: 600; }
        tr.flagged th, tr.flagged td, td.flagged { background: var(--note-back); }
        .flag { color: var(--danger); font-weight: 600; }
        td.left, thead th:has(.left) { text-align: left; }
        .charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 34rem), 1fr)); gap: 1rem; align-items: start; }
        .chart svg { border: 0; background: none; }
        .chart .axis { stroke: none; }
        .pair { display: flex; flex-wrap: wrap; gap: 1.5rem 3rem; align-items: flex-start; }
        .pair > div { max-width: 100%; overflow-x: auto; }
        .pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 25rem), 1fr)); gap: 1rem; margin-bottom: 1rem; }
        .pictures img { display: block; width: 100%; height: auto; background: #000; }
        .pictures figcaption { font-size: .85rem; overflow-wrap: anywhere; }
        .pictures figcaption b { color: var(--text); }
        """
}
