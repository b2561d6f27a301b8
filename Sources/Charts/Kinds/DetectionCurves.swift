import Findings
import Foundation

/// How good detections are by the score from which on they count: a curve a finding, and their mean.
public enum DetectionCurves {
    /// A curve of one finding, or of their mean.
    public struct Curve: Hashable, Sendable {
        /// The finding; not used of a mean.
        public var name: String
        /// Recall, or score; 0 to 1, in rising order.
        public var x: [Double]
        /// 0 to 1, as many as `x`.
        public var y: [Double]
        /// Average precision, for the legend of `PR_curve.png`; absent where no box of the finding is known.
        public var averagePrecision: Double?

        public init(_ name: String, x: [Double], y: [Double], averagePrecision: Double? = nil) {
            self.name = name
            self.x = x
            self.y = y
            self.averagePrecision = averagePrecision
        }
    }

    /// What is drawn against what.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case precisionRecall, precision, recall, f1

        private static let score = "Score"

        var titles: (title: String, x: String, y: String) {
            switch self {
            case .precisionRecall: ("Precision and recall", "Recall", "Precision")
            case .precision: ("Precision by score", Self.score, "Precision")
            case .recall: ("Recall by score", Self.score, "Recall")
            case .f1: ("F1 by score", Self.score, "F1")
            }
        }
    }

    /// Findings thin, each in its colour of the label map, their mean thick.
    /// - Parameters:
    ///   - classes: In the label map's order.
    ///   - mean: Over the findings that have known boxes.
    ///   - protocolName: Behind the title: `IoU 0.5, validation`.
    public static func chart(_ kind: Kind, classes: [Curve], mean: Curve?, protocolName: String = "") -> LineChart {
        var series = classes.enumerated().map { index, curve in
            var series = ChartSeries(name(of: curve, kind), x: curve.x, y: curve.y, number: index)
            series.width = 1.2
            return series
        }
        if let mean {
            var line = ChartSeries(
                name(ofMean: mean, kind), points: zip(mean.x, mean.y).map { SIMD2($0, $1) }, ink: .text, width: 3)
            line.rank = 1
            series.append(line)
        }
        let titles = kind.titles
        return LineChart(
            titles.title + (protocolName.isEmpty ? "" : " (\(protocolName))"), x: ChartAxis(titles.x, range: 0...1),
            y: ChartAxis(titles.y, range: 0...1), series: series)
    }

    private static func name(of curve: Curve, _ kind: Kind) -> String {
        guard kind == .precisionRecall else { return curve.name }
        return "\(curve.name) \(curve.averagePrecision.map { AxisNumbers.fixed($0, decimals: 3) } ?? "–")"
    }

    private static func name(ofMean mean: Curve, _ kind: Kind) -> String {
        if kind == .precisionRecall {
            return mean.averagePrecision.map { "mean AP \(AxisNumbers.fixed($0, decimals: 3))" } ?? "mean"
        }
        let best = zip(mean.x, mean.y).filter { $0.isFinite && $1.isFinite }.max { $0.1 < $1.1 }
        guard let best else { return "mean" }
        return "mean, \(AxisNumbers.fixed(best.1, decimals: 2)) at \(AxisNumbers.fixed(best.0, decimals: 3))"
    }
}
