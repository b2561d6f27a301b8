import Charts
import Foundation

extension RunCharts {
    /// One of the four curve files: findings thin, each in its colour of the label map, their mean thick.
    /// - Parameters:
    ///   - classes: In the label map's order.
    ///   - mean: Over the findings that have known boxes.
    ///   - protocolName: Behind the title: `IoU 0.5, validation`.
    public static func curve(
        _ kind: DetectionCurves.Kind, classes: [DetectionCurves.Curve], mean: DetectionCurves.Curve?, protocolName: String = ""
    ) throws -> Data {
        try DetectionCurves.chart(kind, classes: classes, mean: mean, protocolName: protocolName).png(
            width: 720, height: 480, scale: scale)
    }

    /// What the file of a curve is called.
    public static func fileName(_ kind: DetectionCurves.Kind) -> String {
        switch kind {
        case .precisionRecall: FileName.precisionRecallCurve
        case .precision: FileName.precisionCurve
        case .recall: FileName.recallCurve
        case .f1: FileName.f1Curve
        }
    }
}
