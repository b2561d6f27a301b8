import Charts
import Evaluation
import EvaluationReports

/// Precision against recall, and boxes found against false ones.
extension EvaluationPage {
    private typealias Markup = EvaluationMarkup

    static func curves(_ report: EvaluationReport) throws -> String {
        let recalls = (0...100).map { Double($0) / 100 }
        let shown = report.labels.filter { report.curves.precision[$0] != nil }
        let curves = report.labels.map { label in
            DetectionCurves.Curve(
                label, x: recalls, y: report.curves.precision[label] ?? [], averagePrecision: report.perClass[label]?.ap50)
        }
        let mean =
            shown.isEmpty
            ? nil
            : DetectionCurves.Curve(
                "mean", x: recalls,
                y: recalls.indices.map { index in
                    shown.reduce(0) { $0 + (report.curves.precision[$1]?[index] ?? 0) } / Double(shown.count)
                }, averagePrecision: report.map50.value)
        let precision = DetectionCurves.chart(.precisionRecall, classes: curves, mean: mean, protocolName: "IoU 0.5")
        return "<h2>Curves</h2>\n<div class=\"charts\">\n" + (try figure(precision)) + (try figure(freeResponse(report))) + "</div>\n"
            + Markup.how(report.protocols["map50"]) + Markup.how(report.protocols["froc"]) + frocTable(report)
    }

    private static func freeResponse(_ report: EvaluationReport) -> LineChart {
        var series = report.labels.enumerated().compactMap { number, label -> ChartSeries? in
            guard let steps = report.curves.froc[label] else { return nil }
            // A step, as a threshold takes boxes or does not.
            var points = [SIMD2(0.0, 0.0)]
            for step in steps where step.falseBoxesPerImage <= 2 {
                points.append(SIMD2(step.falseBoxesPerImage, points.last?.y ?? 0))
                points.append(SIMD2(step.falseBoxesPerImage, step.sensitivity))
            }
            points.append(SIMD2(2, points.last?.y ?? 0))
            var line = ChartSeries(label, points: points, ink: .palette(number), width: 1.2)
            line.rank = 0
            return line
        }
        let means = zip(report.froc.rates, report.froc.mean).filter { $0.0 <= 2 }
        var mean = ChartSeries(
            "mean of findings", points: means.map { SIMD2($0.0, $0.1.value ?? .nan) }, ink: .text, mark: .lineAndDots, width: 2.5,
            band: means.compactMap { rate, figure in
                figure.low.flatMap { low in figure.high.map { ChartSeries.Interval(x: rate, lower: low, upper: $0) } }
            })
        mean.rank = 1
        series.append(mean)
        return LineChart(
            "Free response (IoU 0.5)", x: ChartAxis("False boxes of the finding an image", range: 0...2),
            y: ChartAxis("Boxes found", range: 0...1),
            series: series)
    }

    private static func frocTable(_ report: EvaluationReport) -> String {
        let rows = report.labels.compactMap { label in
            report.froc.perClass[label].map { values in HTMLTable.row(label, values.map { Markup.cell($0, decimals: 2) }) }
        }
        let mean = meanRow(report.froc.mean)
        return "<h3>Boxes found by false boxes an image</h3>\n"
            + HTMLTable.table(["finding"] + report.froc.rates.map(FigureText.short), rows + [mean])
    }

    static func meanRow(_ figures: [ReportedFigure]) -> String {
        let row = HTMLTable.row("mean", figures.map { Markup.cell($0.value, $0.low, $0.high, decimals: 2) })
        return "<tr class=\"mean\">" + row.dropFirst("<tr>".count)
    }
}
