import Findings
import Foundation

/// `BBox_List_2017.csv`. Its header misspells the four columns of the box as `Bbox [x,y,w,h]` and ends in empty ones, so columns go
/// by number: image, finding, x, y, width, height.
struct NIHBoxList {
    static let fileName = "BBox_List_2017.csv"

    /// In alphabetical order, ids from 1.
    let classes: [FindingClass]
    /// By the image's name without suffix, in the file's order.
    let boxes: [String: [Annotation]]
    /// The first row of each image, from 1 with the header, for messages.
    let firstRow: [String: Int]
    let problems: [String]

    /// - Parameter images: Files by name without suffix.
    /// - Throws: `DatasetError` where the file cannot be read at all.
    init(_ folder: URL, images: [String: URL]) throws {
        let table = try CSVTable(folder.appendingPathComponent(Self.fileName))
        var problems: [String] = []
        var entries: [(stem: String, name: String, box: Box)] = []
        var firstRow: [String: Int] = [:]
        for (index, row) in table.rows.enumerated() {
            guard row.count >= 6 else {
                problems.append("\(table.place(index)): fewer than six columns")
                continue
            }
            let stem = (row[0] as NSString).deletingPathExtension
            let numbers = row[2...5].compactMap { Double($0.trimmingCharacters(in: .whitespaces)) }
            let name = row[1].trimmingCharacters(in: .whitespaces)
            if images[stem] == nil { problems.append("\(table.place(index)): its image is not in images/") }
            if name.isEmpty { problems.append("\(table.place(index)): no finding") }
            guard numbers.count == 4, numbers.allSatisfy(\.isFinite), numbers[2] > 0, numbers[3] > 0 else {
                problems.append("\(table.place(index)): the box is not x, y and a positive width and height")
                continue
            }
            firstRow[stem] = firstRow[stem] ?? index + 2
            entries.append((stem, name, Box(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])))
        }
        if table.rows.isEmpty { problems.append("\(Self.fileName): no row") }
        let classes = Set(entries.map(\.name)).sorted().enumerated().map { FindingClass(id: $0 + 1, name: $1) }
        let ids = Dictionary(uniqueKeysWithValues: classes.map { ($0.name, $0.id) })
        self.classes = classes
        self.firstRow = firstRow
        self.problems = problems
        boxes = entries.reduce(into: [:]) { boxes, entry in
            guard let id = ids[entry.name] else { return }
            boxes[entry.stem, default: []].append(Annotation(classID: id, box: entry.box))
        }
    }
}
