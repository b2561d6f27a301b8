import Basics
import Datasets
import Findings

/// What a dataset's sources say of its findings, source by source, for a terminal.
public enum SourcesTable {
    /// For each finding and source its boxes, behind a plus the images labelled with it as a whole, behind a question mark the places that
    /// it leaves open; an asterisk where it is complete.
    /// - Returns: Empty where the dataset has no sources.
    public static func text(_ dataset: Dataset) -> String {
        guard !dataset.sources.isEmpty else { return "" }
        var table = TextTable(header: ["BOXES + LABELS"] + dataset.sources.map { $0.name.uppercased() } + ["ALL BOXES", ""])
        table.append(
            ["images"] + dataset.sources.map { source in "\(dataset.images.count { $0.sources.contains(source.name) })" }
                + ["\(dataset.images.count)", ""])
        for findingClass in dataset.findingClasses {
            let cells = dataset.sources.map { cell(dataset, $0, findingClass) }
            let boxes = dataset.images.reduce(0) { $0 + $1.boxes.count { $0.classID == findingClass.id } }
            table.append(["  " + findingClass.name] + cells + ["\(boxes)", boxes < FindingClass.leastBoxes ? "experimental" : ""])
        }
        return table.text
            + "* the source is complete for the finding: without a box or label of it, the finding is not there;\n"
            + "  ? places that may be it or another kind of the same\n"
    }

    private static func cell(_ dataset: Dataset, _ source: DataSource, _ findingClass: FindingClass) -> String {
        func names(_ list: [String]) -> Bool { list.contains { dataset.ontology.areSame($0, findingClass.name) } }
        let images = dataset.images.filter { $0.sources.contains(source.name) }
        var text = ""
        if names(source.boxed) {
            text = "\(images.reduce(0) { $0 + $1.boxes.count { $0.classID == findingClass.id && $0.reader == source.name } })"
        }
        if names(source.labelled) {
            let labelled = images.count { image in (image.labels ?? []).contains { dataset.ontology.areSame($0, findingClass.name) } }
            text += "+\(labelled)"
        }
        let open = images.reduce(0) { $0 + $1.unknown.count { $0.classID == findingClass.id && $0.reader == source.name } }
        if open > 0 { text += (text.isEmpty ? "" : " ") + "?\(open)" }
        return text.isEmpty ? "." : text + (names(source.complete) ? "*" : "")
    }
}
