import Basics
import Datasets
import Findings

/// The parts of a dataset side by side: images, patients and boxes of each finding.
public enum PartsTable {
    /// A column a part and one for all; no more than `columns` parts beside each other, further ones below.
    public static func text(_ parts: [PartCounts], all: PartCounts, classes: [FindingClass], columns: Int = 8) -> String {
        stride(from: 0, to: parts.count, by: max(1, columns)).map { start in
            table(Array(parts[start..<min(parts.count, start + max(1, columns))]) + [all], classes)
        }.joined(separator: "\n")
    }

    private static func table(_ parts: [PartCounts], _ classes: [FindingClass]) -> String {
        var table = TextTable(header: [""] + parts.map { $0.name.uppercased() })
        table.append(["images"] + parts.map { String($0.images) })
        table.append(["patients"] + parts.map { String($0.patients) })
        table.append(["without boxes"] + parts.map { String($0.imagesWithoutBoxes) })
        table.append(["boxes"] + parts.map { String($0.boxes) })
        for (index, findingClass) in classes.enumerated() {
            table.append(["  " + findingClass.name] + parts.map { String($0.boxesOfFinding[index]) })
        }
        return table.text
    }
}
