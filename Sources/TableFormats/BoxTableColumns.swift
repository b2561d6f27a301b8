import Datasets
import Interchange

/// Which column of a table of boxes is what, by the titles that people give them, whatever their case.
struct BoxTableColumns {
    let image: Int
    let label: Int
    let box: BoxColumns
    let reader: Int?
    let agreement: Int?
    let patient: Int?
    let view: Int?
    let part: Int?
    let imageWidth: Int?
    let imageHeight: Int?
    let labels: Int?
    /// The others, with the names of the attributes they are.
    let attributes: [(title: String, column: Int)]

    /// Where a table has several of these, the first is meant, for an id beside a name may be a number.
    private static let images = ["image", "filename", "file_name", "image_path", "image_name", "file", "image_id"]
    private static let findings = ["label", "class", "finding", "class_name", "category", "category_name"]
    /// Where YOLOv5's tables have the name of the finding whose number is in `class`; elsewhere a name may be a person's.
    private static let nameBesideClass = "name"
    private static let corners = [
        ["xmin", "ymin", "xmax", "ymax"], ["x_min", "y_min", "x_max", "y_max"], ["x0", "y0", "x1", "y1"], ["x1", "y1", "x2", "y2"],
    ]
    private static let extents = [["x", "y", "w", "h"], ["x", "y", "width", "height"]]
    private static let others = ["reader", "agreement", "patient", "view", "part", "split", "image_width", "image_height", "labels"]

    /// The columns of an export before the attributes.
    static let written =
        [
            "image", "label", "x", "y", "width", "height", "reader", "agreement", "patient", "view", "part", "image_width", "image_height",
            "labels",
        ]

    /// Whether a header of these titles, in lower case, names an image, a finding and a box.
    static func areBoxes(_ titles: [String]) -> Bool {
        images.contains { titles.contains($0) } && findings.contains { titles.contains($0) } && !boxes(titles).isEmpty
    }

    private static func boxes(_ titles: [String]) -> [[String]] {
        (corners + extents).filter { $0.allSatisfy { titles.contains($0) } }
    }

    /// The title of an attribute: one that is read as something else gets a prefix.
    static func title(ofAttribute name: String) -> String {
        let reserved = images + findings + [nameBesideClass] + corners.joined() + extents.joined() + others
        let isTaken = reserved.contains(name.lowercased()) || name.hasPrefix(BoxTableFormat.attributePrefix)
        return isTaken ? BoxTableFormat.attributePrefix + name : name
    }

    /// The first that has names, or else the first.
    private static func first(_ columns: [Int], _ numeric: Set<Int>) -> Int? {
        columns.first { !numeric.contains($0) } ?? columns.first
    }

    /// - Throws: `DatasetError` with everything that the header lacks or has twice.
    init(_ table: AnnotationTable) throws {
        var problems: [String] = []
        let (file, titles) = (table.file.name, table.titles)
        for title in Set(titles) where !title.isEmpty && titles.count(where: { $0 == title }) > 1 {
            problems.append("\(file) has the column \"\(title)\" twice")
        }
        let numeric = table.file.numericColumns
        let image = Self.first(Self.images.compactMap { titles.firstIndex(of: $0) }, numeric)
        if image == nil { problems.append("\(file) has no column for the image: \(Self.images.joined(separator: ", "))") }
        var named = Self.findings.compactMap { titles.firstIndex(of: $0) }
        if let first = named.first, titles[first] == "class" { named += titles.indices.filter { titles[$0] == Self.nameBesideClass } }
        let label = Self.first(named, numeric)
        if label == nil { problems.append("\(file) has no column for the finding: \(Self.findings.joined(separator: ", "))") }
        let boxes = Self.boxes(titles)
        if boxes.isEmpty { problems.append("\(file) has no four columns of a box, such as x, y, width, height or xmin, ymin, xmax, ymax") }
        if boxes.count > 1 { problems.append("\(file) has more than one set of columns for the box") }
        guard problems.isEmpty, let image, let label, let box = boxes.first else {
            throw DatasetError(.malformed, problems: problems.sorted())
        }
        self.image = image
        self.label = label
        self.box = BoxColumns(columns: box.compactMap { titles.firstIndex(of: $0) }, areCorners: Self.corners.contains(box))
        (reader, agreement) = (titles.firstIndex(of: "reader"), titles.firstIndex(of: "agreement"))
        (patient, view, labels) = (titles.firstIndex(of: "patient"), titles.firstIndex(of: "view"), titles.firstIndex(of: "labels"))
        part = titles.firstIndex(of: "part") ?? titles.firstIndex(of: "split")
        // Beside corners, width and height can only be the image's.
        let isFree = Self.corners.contains(box)
        imageWidth = titles.firstIndex(of: "image_width") ?? (isFree ? titles.firstIndex(of: "width") : nil)
        imageHeight = titles.firstIndex(of: "image_height") ?? (isFree ? titles.firstIndex(of: "height") : nil)
        let taken = Set(
            [image, label] + self.box.columns
                + [reader, agreement, patient, view, labels, part, imageWidth, imageHeight].compactMap(\.self))
        attributes = titles.indices.filter { !taken.contains($0) && !titles[$0].isEmpty }.map {
            let title = table.file.header[$0]
            let prefix = BoxTableFormat.attributePrefix
            return (title.hasPrefix(prefix) ? String(title.dropFirst(prefix.count)) : title, $0)
        }
    }
}
