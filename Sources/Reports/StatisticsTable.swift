import Basics
import Datasets
import Findings
import Foundation

/// A dataset's statistics for a terminal, at most about 100 columns wide.
public enum StatisticsTable {
    public static func text(_ statistics: DatasetStatistics) -> String {
        let classes = statistics.findings.map(\.findingClass)
        let all = statistics.all
        var sections = [
            "\(all.images) images of \(all.patients) patients, \(all.boxes) boxes; \(all.imagesWithoutBoxes) images without boxes, "
                + "\(statistics.normalImages) of them without any finding\n",
            findings(statistics),
        ]
        for parts in [statistics.parts, statistics.folds] where !parts.isEmpty {
            sections.append(PartsTable.text(parts, all: all, classes: classes))
        }
        if classes.count > 1 { sections.append(together(statistics)) }
        sections.append(rest(statistics))
        return sections.joined(separator: "\n")
    }

    private static func findings(_ statistics: DatasetStatistics) -> String {
        var table = TextTable(header: [
            "FINDING", "BOXES", "IMAGES", "PATIENTS", "WIDTH", "HEIGHT", "AREA %", "SMALL %", "MEDIUM %", "LARGE %",
        ])
        for finding in statistics.findings {
            let boxes = Double(max(1, finding.boxes))
            let shares = [finding.small, finding.medium, finding.large].map { String(format: "%.0f", 100 * Double($0) / boxes) }
            table.append(
                [finding.findingClass.name, "\(finding.boxes)", "\(finding.images)", "\(finding.patients)"]
                    + (finding.boxes == 0
                        ? Array(repeating: "-", count: 6)
                        : [pixels(finding.width), pixels(finding.height), String(format: "%.1f", 100 * (finding.areaShare?.median ?? 0))]
                            + shares))
        }
        return table.text + "Width and height in pixels and area in % of the image are medians.\n"
            + "Small: below 32 x 32 pixels; large: above 96 x 96.\n"
    }

    private static func pixels(_ quartiles: Quartiles?) -> String { quartiles.map { String(format: "%.0f", $0.median) } ?? "-" }

    /// Columns are numbered, for names are too long to stand side by side.
    private static func together(_ statistics: DatasetStatistics) -> String {
        let findings = statistics.findings
        var table = TextTable(header: ["IMAGES WITH BOTH"] + findings.indices.map { "\($0 + 1)" })
        for (row, finding) in findings.enumerated() {
            table.append(["\(row + 1) \(finding.findingClass.name)"] + statistics.together[row].map { $0 == 0 ? "." : "\($0)" })
        }
        return table.text
    }

    private static func rest(_ statistics: DatasetStatistics) -> String {
        func line(_ name: String, _ counts: [DatasetStatistics.Count], limit: Int = 8) -> String? {
            guard !counts.isEmpty else { return nil }
            let more = counts.count > limit ? ", \(counts.count - limit) others" : ""
            let items = counts.prefix(limit).map { "\($0.name) \($0.count)" }.joined(separator: ", ")
            return "\(name): \(items)\(more)\n"
        }
        let sizes = statistics.sizes.map { DatasetStatistics.Count(name: "\($0.width) x \($0.height):", count: $0.count) }
        let age = statistics.age.map { age in
            String(
                format: "Age in years: median %.0f, quartiles %.0f and %.0f, %.0f to %.0f\n", age.median, age.lower, age.upper, age.least,
                age.greatest)
        }
        let perImage = statistics.boxesPerImage.enumerated().filter { $0.element > 0 }
            .map { DatasetStatistics.Count(name: "\($0.offset):", count: $0.element) }
        let lines = [
            line("Images by number of boxes", perImage), line("Image sizes", sizes, limit: 5), line("Bits a sample", statistics.bits),
            statistics.unreadable > 0 ? "Images that cannot be read: \(statistics.unreadable)\n" : nil, line("Views", statistics.views),
            line("Patients by sex", statistics.sexes), age, line("Boxes by reader", statistics.readers),
            line("Said of whole images", statistics.labels, limit: 20),
        ]
        return lines.compactMap { $0 }.map { MarkupText.printable(String($0.dropLast())) + "\n" }.joined()
    }
}
