import Basics
import Evaluation
import Findings
import Foundation
import Models

/// An evaluation for a terminal, at most about 100 columns wide.
public enum EvaluationTable {
    public static func text(_ report: EvaluationReport) -> String {
        let sections = [
            head(report), headline(report), findings(report), sources(report), wholeImages(report), operatingPoints(report),
            flagged(report),
        ]
        return sections.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private static func head(_ report: EvaluationReport) -> String {
        let identity = report.subject.digest.map { " (digest \($0.prefix(12)))" } ?? ""
        return MarkupText.printable("\(report.subjectName)\(identity) on \(report.dataset)") + "\n"
            + MarkupText.printable(report.split) + "\n" + MarkupText.printable(Notice.researchUseOnly) + "\n"
    }

    private static func headline(_ report: EvaluationReport) -> String {
        let interval = report.draws > 0 ? "95% INTERVAL" : ""
        var table = TextTable(
            header: ["FIGURE", "VALUE", interval]
                + report.controls.map {
                    $0.name.replacingOccurrences(of: " of the class", with: "").uppercased()
                })
        func row(_ name: String, _ figure: ReportedFigure, _ control: (EvaluationReport.ControlFigures) -> ReportedFigure?) {
            table.append(
                [name, FigureText.value(figure.value), FigureText.interval(figure.low, figure.high)]
                    + report.controls.map { FigureText.value(control($0)?.value) })
        }
        row("mAP50 (COCO)", report.map50) { $0.map50 }
        row("mAP 50:95 (COCO)", report.map) { $0.map }
        row("mAP40 (VinBigData)", report.map40) { $0.map40 }
        for threshold in ["0.3", "0.5"] {
            if let figure = report.localisationIoUMean[threshold] {
                row("T(IoU \(threshold)), 1 false box an image", figure) { $0.localisationIoUMean[threshold] }
            }
        }
        row("CPM (FROC)", report.cpm) { $0.cpm }
        row("RSNA precision at score \(FigureText.short(report.scoreThreshold))", report.rsna.precision) { _ in nil }
        if report.searchedImages.imagesWithoutBoxes > 0, report.searchedImages.images != report.images {
            row("mAP50 with \(report.searchedImages.imagesWithoutBoxes) images without a box", report.searchedImages.map50) { _ in nil }
        }
        return table.text
    }

    private static func findings(_ report: EvaluationReport) -> String {
        var table = TextTable(header: ["FINDING", "BOXES", "AP50", "95% INTERVAL", "AP", "AP40", "T(IoU 0.3)", "CPM"])
        for label in report.labels {
            guard let figures = report.perClass[label] else { continue }
            let rates = report.froc.perClass[label]
            table.append([
                report.title(of: label), "\(figures.n)", FigureText.value(figures.ap50),
                FigureText.interval(figures.ap50Low, figures.ap50High),
                FigureText.value(figures.ap), FigureText.value(figures.ap40), FigureText.value(report.localisationIoU["0.3"]?[label]),
                FigureText.value(rates.map { $0.reduce(0, +) / Double(max(1, $0.count)) }),
            ])
        }
        return table.text
    }

    /// Each source's images by themselves; the findings that it is complete for.
    private static func sources(_ report: EvaluationReport) -> String {
        guard let sources = report.sources, sources.contains(where: { !$0.findings.isEmpty }) else { return "" }
        var table = TextTable(header: ["SOURCE", "FINDING", "IMAGES", "BOXES", "AP50"])
        for source in sources {
            for label in report.labels {
                guard let finding = source.findings[label] else { continue }
                table.append([
                    MarkupText.printable(source.source), report.title(of: label), "\(finding.images)", "\(finding.n)",
                    FigureText.value(finding.ap50),
                ])
            }
        }
        return table.text
    }

    private static func wholeImages(_ report: EvaluationReport) -> String {
        var table = TextTable(header: ["ANY ABNORMALITY", "WITH", "WITHOUT", "AUROC", "95% INTERVAL", "AUPRC"])
        for (name, part) in parts(report) {
            let figure = part.any
            table.append([
                name == "all" ? "all images" : name, "\(figure.positives)", "\(figure.negatives)", FigureText.value(figure.auroc?.value),
                FigureText.interval(figure.auroc?.low, figure.auroc?.high), FigureText.value(figure.averagePrecision?.value),
            ])
        }
        return table.text
    }

    /// All images first, then the views by name.
    package static func parts(_ report: EvaluationReport) -> [(String, EvaluationReport.ImageLevel)] {
        report.imageLevel.sorted { one, other in
            one.key == "all" || other.key == "all" ? one.key == "all" && other.key != "all" : one.key < other.key
        }.map { ($0.key, $0.value) }
    }

    private static func operatingPoints(_ report: EvaluationReport) -> String {
        let rates = Set(report.operatingPoints.map(\.falseBoxesPer100Images)).sorted()
        guard !rates.isEmpty else { return "" }
        var table = TextTable(header: ["SENSITIVITY BY FALSE BOXES ON 100 IMAGES"] + rates.map(FigureText.short))
        for label in report.labels {
            let points = report.operatingPoints.filter { $0.finding == label }
            guard !points.isEmpty else { continue }
            table.append(
                [label]
                    + rates.map { rate in
                        FigureText.value(points.first { $0.falseBoxesPer100Images == rate }?.sensitivity, decimals: 2)
                    })
        }
        return table.text
    }

    private static func flagged(_ report: EvaluationReport) -> String {
        let lines = report.subgroups.flatMap { subgroup in
            subgroup.comparison.flagged.map { group in
                "\(FigureText.figure(subgroup.figure)) of \(subgroup.comparison.attribute) \(group.name): "
                    + "\(FigureText.value(group.figure?.value)), \(FigureText.signed(group.gap?.value)) against the others "
                    + "(\(FigureText.interval(group.gap?.low, group.gap?.high)))"
            }
        }
        guard !lines.isEmpty else { return "" }
        return "GAPS LARGER THAN THEIR INTERVAL\n" + lines.map { MarkupText.printable($0) + "\n" }.joined()
    }
}
