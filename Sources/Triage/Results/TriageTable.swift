import Basics
import Findings

/// A report for a terminal.
public enum TriageTable {
    /// Lines that each end in a line feed.
    public static func text(_ report: TriageReport) -> String {
        head(report) + report.orders.map { "\n" + order($0, report) }.joined()
            + (report.notes.isEmpty ? "" : "\n" + report.notes.map { "- \(MarkupText.printable($0.text))\n" }.joined())
    }

    private static func head(_ report: TriageReport) -> String {
        let from = report.source == "file" ? "the file's" : "drawn from rates"
        let readers = report.readers == 1 ? "1 reader" : "\(report.readers) readers"
        let times = report.replications == 1 ? "one replication" : "\(report.replications) replications"
        return """
            Waiting by order of the worklist, simulated: minutes from arrival to the beginning of the reading
            \(report.studies) studies (\(from), \(times)), \(readers), load \(MinuteText.short(report.load)); of 100 studies the model shows \
            a finding on \(MinuteText.short(report.flaggedPer100)), wrongly on \(MinuteText.short(report.falseAlarmsPer100))
            \(MarkupText.printable(Notice.researchUseOnly))

            """
    }

    private static func order(_ order: TriageReport.Order, _ report: TriageReport) -> String {
        let isBase = order.discipline == Discipline.firstCome.key
        let columns = ["studies", "mean (95 % interval)", "95th percentile", "longest"]
        var table = TextTable(header: [order.title] + columns + (isBase ? [] : ["less first come: mean", "95th", "longest"]))
        // Of one finding alone, its own rows say it.
        let hidden = report.findings.count == 1 ? ["diseased", "finding_missed"] : []
        for group in order.groups where !hidden.contains(group.group) {
            var row = [group.title, "\(group.count)", estimate(group.mean, MinuteText.column)]
            row += [MinuteText.column(group.percentile95), MinuteText.column(group.maximum)]
            if let difference = group.meanDifference, let percentile = group.percentile95Difference, let longest = group.maximumDifference {
                row += [estimate(difference, MinuteText.signed), MinuteText.signed(percentile), MinuteText.signed(longest)]
            }
            table.append(row)
        }
        return table.text
    }

    private static func estimate(_ estimate: Estimate, _ text: (Double) -> String) -> String {
        guard let low = estimate.low, let high = estimate.high else { return text(estimate.value) }
        return "\(text(estimate.value)) (\(text(low)) to \(text(high)))"
    }
}
