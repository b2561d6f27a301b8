import Basics
import Charts
import Evaluation

extension EvaluationPage {
    private typealias Frame = EvaluationFrame

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
                    ] + report.controls.map { Frame.cell(control($0)) } + ["<td class=\"how\">\(MarkupText.escaped(how))</td>"]))
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
                label,
                [
                    HTMLTable.cell(figures.n), HTMLTable.cell(figures.images), HTMLTable.cell(figures.detections),
                    Frame.cell(figures.ap50, figures.ap50Low, figures.ap50High), Frame.cell(figures.ap), Frame.cell(figures.ap40),
                    Frame.cell(report.voc.perClass[label]), Frame.cell(report.rsna.perClass[label]),
                    Frame.cell(rates.map { $0.reduce(0, +) / Double(max(1, $0.count)) }),
                    Frame.cell(report.imageLevel["all"]?.findings[label]?.auroc),
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

    static func curves(_ report: EvaluationReport) throws -> String {
        let recalls = (0...100).map { Double($0) / 100 }
        let shown = report.labels.filter { report.curves.precision[$0] != nil }
        let curves = report.labels.map { label in
            RunFigures.Curve(
                label, x: recalls, y: report.curves.precision[label] ?? [], averagePrecision: report.perClass[label]?.ap50)
        }
        let mean =
            shown.isEmpty
            ? nil
            : RunFigures.Curve(
                "mean", x: recalls,
                y: recalls.indices.map { index in
                    shown.reduce(0) { $0 + (report.curves.precision[$1]?[index] ?? 0) } / Double(shown.count)
                }, averagePrecision: report.map50.value)
        let precision = RunFigures.chart(.precisionRecall, classes: curves, mean: mean, protocolName: "IoU 0.5")
        return "<h2>Curves</h2>\n<div class=\"charts\">\n" + (try figure(precision)) + (try figure(freeResponse(report))) + "</div>\n"
            + Frame.how(report.protocols["map50"]) + Frame.how(report.protocols["froc"]) + frocTable(report)
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
            report.froc.perClass[label].map { values in HTMLTable.row(label, values.map { Frame.cell($0, decimals: 2) }) }
        }
        let mean = meanRow(report.froc.mean)
        return "<h3>Boxes found by false boxes an image</h3>\n"
            + HTMLTable.table(["finding"] + report.froc.rates.map(FigureText.short), rows + [mean])
    }

    private static func meanRow(_ figures: [ReportedFigure]) -> String {
        let row = HTMLTable.row("mean", figures.map { Frame.cell($0.value, $0.low, $0.high, decimals: 2) })
        return "<tr class=\"mean\">" + row.dropFirst("<tr>".count)
    }

    static func localisation(_ report: EvaluationReport) -> String {
        func table(
            _ title: String, _ rates: [String: [String: Double]], _ falseBoxes: [String: [String: Double]],
            _ means: [String: ReportedFigure],
            _ how: String?
        ) -> String {
            let thresholds = rates.keys.sorted()
            let rows = report.labels.filter { label in rates.values.contains { $0[label] != nil } }.map { label in
                HTMLTable.row(
                    label,
                    thresholds.map { threshold in
                        let rate = falseBoxes[threshold]?[label].map {
                            "<span class=\"between\">\(FigureText.value($0, decimals: 2)) false</span>"
                        }
                        return "<td>\(FigureText.value(rates[threshold]?[label], decimals: 2))\(rate ?? "")</td>"
                    })
            }
            return "<div><h3>\(title)</h3>\n"
                + HTMLTable.table(
                    ["overlap above"] + thresholds, rows + [meanRow(thresholds.map { means[$0] ?? ReportedFigure(value: nil) })])
                + Frame.how(how) + "</div>\n"
        }
        return "<h2>Localisation</h2>\n<div class=\"pair\">\n"
            + table(
                "T(IoU): share of boxes found", report.localisationIoU, report.localisationIoUFalseBoxes, report.localisationIoUMean,
                report.protocols["localisation_iou"])
            + table(
                "T(IoBB): share of boxes found", report.localisationIoBB, report.localisationIoBBFalseBoxes, report.localisationIoBBMean,
                report.protocols["localisation_iobb"]) + "</div>\n"
            + "<p class=\"note\">Under each share stand the false boxes of the finding an image at which it is had.</p>\n"
    }

    static func errors(_ report: EvaluationReport) throws -> String {
        let names = report.labels
        let matrix = HeatMap(
            "What is taken for what", xTitle: "said by the detector", yTitle: "drawn by readers", columns: names + ["missed"],
            rows: names + ["nothing there"], values: report.confusion.counts.map { $0.map(Double.init) })
        let tide = BarChart(
            "What the errors cost (TIDE)", axis: ChartAxis("mAP50 gained without them"),
            bars: report.tide.kinds.map { kind in
                BarChart.Bar(
                    FigureText.kind(kind.kind), value: kind.gain, ink: .palette(4), note: "\(FigureText.value(kind.gain)) (\(kind.count))")
            } + [
                BarChart.Bar(
                    "all false boxes", value: report.tide.falsePositiveGain, ink: .palette(5),
                    note: FigureText.value(report.tide.falsePositiveGain)),
                BarChart.Bar(
                    "all boxes not found", value: report.tide.falseNegativeGain, ink: .palette(5),
                    note: FigureText.value(report.tide.falseNegativeGain)),
            ])
        let side = min(900, max(420, 200 + names.count * 36))
        return "<h2>Errors</h2>\n<div class=\"charts\">\n" + (try figure(matrix, width: side + 120, height: side))
            + (try figure(tide, height: max(320, tide.naturalHeight + 60))) + "</div>\n" + Frame.how(report.protocols["confusion"])
            + Frame.how(report.protocols["tide"])
    }
}
