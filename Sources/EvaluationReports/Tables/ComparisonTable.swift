import Basics
import Evaluation
import Findings

/// A comparison for a terminal.
public enum ComparisonTable {
    public static func text(_ report: ComparisonReport) -> String {
        var table = TextTable(header: ["FIGURE", "FIRST", "SECOND", "DIFFERENCE", "95% INTERVAL", "P", "PATIENTS NEEDED"])
        for figure in report.figures {
            let comparison = figure.comparison
            table.append([
                figure.name, FigureText.value(comparison.first.value), FigureText.value(comparison.second.value),
                FigureText.signed(comparison.difference.value),
                FigureText.interval(comparison.difference.low, comparison.difference.high),
                FigureText.pValue(comparison.pValue, draws: report.draws), figure.patientsNeeded.map(String.init) ?? FigureText.absent,
            ])
        }
        return MarkupText.printable("first: \(report.first.title)") + "\n" + MarkupText.printable("second: \(report.second.title)")
            + "\n"
            + MarkupText.printable(report.split) + "\n" + MarkupText.printable(Notice.researchUseOnly) + "\n\n" + table.text
            + "\nDifferences are second less first, from the same draws of patients. Patients needed: with so many, a difference as large as\n"
            + "this would be found with a probability of 0.8 at a level of 0.05.\n"
    }
}
