import Basics
import Findings
import Geometry

/// The findings as a table for a terminal, one line a finding.
public enum FindingsTable {
    /// Lines in the images' order, each ending in a line feed; an image without findings says so, one that failed says why.
    public static func text(_ images: [ImageFindings]) -> String {
        var rows = [["IMAGE", "FINDING", "SCORE", "X", "Y", "WIDTH", "HEIGHT"]]
        for image in images {
            let name = MarkupText.printable(image.reference.name) + (image.reference.frame.map { " [frame \($0)]" } ?? "")
            if let error = image.error {
                rows.append([name, "failed: " + MarkupText.printable(error.description)])
            } else if image.findings.isEmpty {
                rows.append([name, "none"])
            }
            for finding in image.listed {
                let box = finding.boundingBox
                rows.append(
                    [
                        name,
                        (finding.alternativeTo == nil ? "" : "or ") + MarkupText.printable(finding.findingClass.title)
                            + (finding.place.map { " (\($0.text))" } ?? ""),
                        score(finding.score),
                    ]
                        + [box.x, box.y, box.width, box.height].map { $0.isFinite ? Rounding.text($0.rounded()) : "?" })
            }
            if let ratio = image.anatomy?.ratio {
                let (value, error) = (
                    Rounding.text((ratio.value * 100).rounded() / 100), Rounding.text((ratio.error * 100).rounded() / 100)
                )
                rows.append([name, "cardiothoracic ratio \(value) ± \(error)"])
            }
            rows += (image.anatomy?.notes ?? []).map { [name, "note: " + MarkupText.printable($0.description)] }
            rows += image.remarks.map { [name, "warning: " + MarkupText.printable($0.text)] }
        }
        return aligned(rows)
    }

    /// Texts stand left, numbers right; a row's last text may be as long as it likes.
    private static func aligned(_ rows: [[String]]) -> String {
        var widths = [Int](repeating: 0, count: rows.map(\.count).max() ?? 0)
        for row in rows {
            for (column, cell) in row.enumerated() where column < row.count - 1 || row.count == widths.count {
                widths[column] = max(widths[column], cell.count)
            }
        }
        return rows.map { row in
            row.enumerated().map { column, cell in
                let space = String(repeating: " ", count: max(0, widths[column] - cell.count))
                if column >= 2 { return space + cell }
                return column == row.count - 1 ? cell : cell + space
            }.joined(separator: "  ") + "\n"
        }.joined()
    }

    private static func score(_ score: Double) -> String {
        let text = Rounding.text((score * 1_000).rounded() / 1_000)
        return text.contains(".") ? text + String(repeating: "0", count: max(0, 5 - text.count)) : text + ".000"
    }
}
