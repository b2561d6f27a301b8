import Basics
import EvaluationReports

extension EvaluationPage {
    private typealias Markup = EvaluationMarkup

    /// Each source's images by themselves, and on how many images each finding was scored; nothing where there are no sources.
    static func sources(_ report: EvaluationReport) -> String {
        guard let sources = report.sources, let coverage = report.coverage else { return "" }
        let header = ["finding", "scored on images", "left out"] + sources.map { MarkupText.escaped($0.source) }
        let rows = report.labels.map { label in
            HTMLTable.row(
                label,
                [HTMLTable.cell(coverage[label]?.images ?? 0), HTMLTable.cell(coverage[label]?.leftOut ?? 0)]
                    + sources.map { Markup.cell($0.findings[label]?.ap50) })
        }
        return "<h2>Sources</h2>\n" + HTMLTable.table(header, rows)
            + "<p class=\"note\">Under each source AP50 on its own images, for the findings that it is complete for. Where no source is "
            + "complete for a finding, the image is left out for it: what is not known is not taken as absent.</p>\n"
    }
}
