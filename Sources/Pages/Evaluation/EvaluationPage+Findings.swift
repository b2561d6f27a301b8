import Basics
import Charts
import Evaluation
import EvaluationReports

/// The figures of all findings together, and of each.
extension EvaluationPage {
    private typealias Markup = EvaluationMarkup

    static func headline(_ report: EvaluationReport) -> String {
        var rows: [String] = []
        func row(
            _ name: String, _ figure: ReportedFigure, _ how: String,
            _ control: (EvaluationReport.ControlFigures) -> ReportedFigure? = { _ in nil }
        ) {
            let interval = FigureText.interval(figure.low, figure.high)
            let over =
                figure.classes.flatMap { classes in figure.classCount.map { classes < $0 ? " (\(classes) of \($0) findings)" : "" } } ?? ""
            rows.append(
                HTMLTable.row(
                    name + over,
                    [
                        "<td class=\"main\">\(FigureText.value(figure.value))"
                            + (interval.isEmpty ? "" : "<span class=\"between\">\(interval)</span>") + "</td>"
                    ] + report.controls.map { Markup.cell(control($0)) } + ["<td class=\"how\">\(MarkupText.escaped(how))</td>"]))
        }
        func how(_ key: String) -> String { report.protocols[key] ?? "" }
        row("mAP50", report.map50, how("map50")) { $0.map50 }
        row("mAP 50:95", report.map, how("map")) { $0.map }
        row("mAP40", report.map40, how("map40")) { $0.map40 }
        for threshold in ["0.1", "0.3", "0.5"] {
            if let figure = report.localisationIoUMean[threshold] {
                row("T(IoU) at \(threshold)", figure, threshold == "0.1" ? how("localisation_iou") : "as above, at \(threshold)") {
                    $0.localisationIoUMean[threshold]
                }
            }
        }
        row("CPM", report.cpm, how("froc")) { $0.cpm }
        row("RSNA precision", report.rsna.precision, how("rsna"))
        if report.searchedImages.images != report.images {
            row(
                "mAP50, \(report.searchedImages.imagesWithoutBoxes) images without a box too", report.searchedImages.map50,
                how("searched_images"))
        }
        let header =
            ["", MarkupText.escaped(report.subjectName)] + report.controls.map { MarkupText.escaped($0.name) } + [
                "<span class=\"left\">how, and on which images</span>"
            ]
        return "<h2>In short</h2>\n" + HTMLTable.table(header, rows)
            + "<p class=\"note\">Beside the model stand controls: \(MarkupText.escaped(how("controls"))). What a model does not beat, it has not "
            + "learnt. Under each figure is its 95 percent interval over patients.</p>\n"
    }

    static func findings(_ report: EvaluationReport) throws -> String {
        let rows = report.labels.compactMap { label -> String? in
            guard let figures = report.perClass[label] else { return nil }
            let rates = report.froc.perClass[label]
            return HTMLTable.row(
                report.title(of: label),
                [
                    HTMLTable.cell(figures.n), HTMLTable.cell(figures.images), HTMLTable.cell(figures.detections),
                    Markup.cell(figures.ap50, figures.ap50Low, figures.ap50High), Markup.cell(figures.ap), Markup.cell(figures.ap40),
                    Markup.cell(report.voc.perClass[label]), Markup.cell(report.rsna.perClass[label]),
                    Markup.cell(rates.map { $0.reduce(0, +) / Double(max(1, $0.count)) }),
                    Markup.cell(report.imageLevel["all"]?.findings[label]?.auroc),
                ])
        }
        let header = [
            "finding", "boxes", "images", "detections", "AP50", "AP 50:95", "AP40", "VOC AP50", "RSNA precision", "CPM", "AUROC of images",
        ]
        let bars = report.labels.compactMap { label -> BarChart.Bar? in
            guard let figures = report.perClass[label], let value = figures.ap50 else { return nil }
            let interval = figures.ap50Low.flatMap { low in figures.ap50High.map { min(low, $0)...max(low, $0) } }
            let number = report.labels.firstIndex(of: label) ?? 0
            return BarChart.Bar(label, value: value, interval: interval, ink: .palette(number), note: FigureText.value(value))
        }
        let chart = BarChart("AP50 by finding", axis: ChartAxis("AP50, with 95 percent interval", range: 0...1), bars: bars)
        return "<h2>Findings</h2>\n" + HTMLTable.table(header, rows)
            + "<p class=\"note\">\(MarkupText.escaped(report.split)). A finding without boxes has no figure, and no part in a mean.</p>\n"
            + "<div class=\"charts\">\n" + (try figure(chart, height: max(240, chart.naturalHeight + 40))) + "</div>\n"
    }
}
