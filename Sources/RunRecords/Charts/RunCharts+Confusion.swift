import Charts
import Foundation

extension RunCharts {
    /// `confusion_matrix.png` and `confusion_matrix_normalized.png`.
    /// - Parameters:
    ///   - counts: [predicted][true], one row and one column more than there are names: the last row counts the known boxes that were
    ///     missed, the last column the predicted boxes where there is nothing.
    ///   - names: Of the findings, in the label map's order.
    ///   - isNormalised: Whether each column is divided by its sum.
    ///   - protocolName: Behind the title: `IoU 0.5, score from 0.25`.
    public static func confusionMatrix(
        counts: [[Double]], names: [String], isNormalised: Bool, protocolName: String = ""
    ) throws -> Data {
        let side = min(1_800, max(560, 220 + (names.count + 1) * 46))
        let chart = confusionChart(counts: counts, names: names, isNormalised: isNormalised, protocolName: protocolName)
        return try chart.png(width: side + 60, height: side, scale: scale)
    }

    /// The same as a chart, for pages.
    public static func confusionChart(
        counts: [[Double]], names: [String], isNormalised: Bool, protocolName: String = ""
    ) -> HeatMap {
        let title = "Confusion matrix" + (isNormalised ? ", shares of each column" : ", boxes")
        return HeatMap(
            title + (protocolName.isEmpty ? "" : " (\(protocolName))"), xTitle: "True", yTitle: "Predicted",
            columns: names + ["nothing there"], rows: names + ["missed"], values: isNormalised ? sharesOfColumns(counts) : counts,
            maximum: isNormalised ? 1 : nil, decimals: isNormalised ? 2 : 0)
    }

    private static func sharesOfColumns(_ counts: [[Double]]) -> [[Double]] {
        var sums: [Double] = []
        for row in counts {
            for (column, value) in row.enumerated() {
                if column == sums.count { sums.append(0) }
                if value.isFinite { sums[column] += value }
            }
        }
        // A column without boxes stays empty: nothing is known of it.
        return counts.map { row in zip(row, sums).map { $1 > 0 ? $0 / $1 : .nan } }
    }
}
