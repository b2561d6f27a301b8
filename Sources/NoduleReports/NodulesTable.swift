import Basics
import Findings
import NoduleDetection
import Nodules
import Reports
import Volumes

/// Nodules for a terminal, one line each.
public enum NodulesTable {
    public static func text(_ scans: [ScanFindings]) -> String {
        var rows = [["SCAN", "NODULE", "SCORE", "MM", "MM3", "KIND", "SIDE", "THIRD", "X", "Y", "Z"]]
        for scan in scans {
            let name = MarkupText.printable(scan.name)
            if let error = scan.error {
                rows.append([name, "failed: " + MarkupText.printable(error.description)])
            } else if scan.reading?.nodules.isEmpty ?? true {
                rows.append([name, "none"])
            }
            for found in scan.reading?.nodules ?? [] {
                let nodule = found.nodule
                rows.append(
                    [
                        name, found.identifier, nodule.score.map { Rounding.text((($0 * 1_000).rounded()) / 1_000) } ?? "",
                        Rounding.text(nodule.meanDiameter), Rounding.text(nodule.volume.rounded()), nodule.kind?.rawValue ?? "",
                        nodule.side?.rawValue ?? "", nodule.third?.rawValue ?? "",
                    ] + [nodule.centre.x, nodule.centre.y, nodule.centre.z].map { Rounding.text(Numbers.tenth($0)) })
                rows += nodule.remarks.map { [name, "\(found.identifier): \($0)"] }
            }
            rows += (scan.reading?.remarks ?? []).map { [name, "note: \($0)"] }
        }
        var widths = [Int](repeating: 0, count: rows[0].count)
        for row in rows where row.count == widths.count {
            for (column, cell) in row.enumerated() { widths[column] = max(widths[column], cell.count) }
        }
        for row in rows { widths[0] = max(widths[0], row[0].count) }
        return rows.map { row in
            row.enumerated().map { column, cell in
                let space = String(repeating: " ", count: max(0, widths[column] - cell.count))
                if row.count < widths.count { return column == 0 ? cell + space : cell }
                return column < 2 || (5...7).contains(column) ? cell + space : space + cell
            }.joined(separator: "  ") + "\n"
        }.joined()
    }
}
