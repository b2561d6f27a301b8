import Datasets
import Evaluation
import Findings
import Foundation
import Geometry

/// Which column of a table of predictions is which, by the titles that tools give them. Where several columns could be the image or the
/// finding, one with names goes before one with numbers: YOLOv5's tables have the number in `class` and the name in `name`.
struct PredictionColumns {
    enum Role {
        case image, name, id, place, score, predictionString

        /// In the order of preference; capitals, blanks and underscores left aside.
        fileprivate var titles: [String] {
            switch self {
            case .image: ["image", "filename", "file", "path", "imagepath", "imagename", "imageindex", "imfile", "imageid", "patientid"]
            case .name: ["label", "classname", "class", "category", "categoryname", "finding", "findinglabel", "name"]
            case .id: ["categoryid", "labelid"]
            case .place: ["classid", "classindex", "cls"]
            case .score: ["score", "confidence", "conf", "probability", "prob", "detectionscore"]
            case .predictionString: ["predictionstring"]
            }
        }
    }

    /// The columns of a box.
    struct Edges {
        enum Kind { case corners, cornerAndSize, middleAndSize, text }

        let columns: [Int]
        let kind: Kind

        func box(_ fields: [String], _ table: CSVFile) -> Box {
            if kind == .text {
                let numbers = Self.numbers(fields[columns[0]])
                return ResultEntry.box { numbers[$0] } ?? Box(x: .nan, y: .nan, width: .nan, height: .nan)
            }
            let values = columns.map { table.number(fields[$0]) ?? .nan }
            return switch kind {
            case .corners: Box(x0: values[0], y0: values[1], x1: values[2], y1: values[3])
            case .middleAndSize:
                Box(x: values[0] - values[2] / 2, y: values[1] - values[3] / 2, width: values[2], height: values[3])
            default: Box(x: values[0], y: values[1], width: values[2], height: values[3])
            }
        }

        /// The numbers by their names of a text such as `{'x1': 10.5, 'y1': 20, 'x2': 30, 'y2': 40}`, as Ultralytics' `to_csv` writes a box.
        private static func numbers(_ text: String) -> [String: Double] {
            let pairs = text.matches(of: /['"]?([A-Za-z0-9]+)['"]?\s*:\s*(-?[0-9.]+(?:[eE][-+]?[0-9]+)?)/)
            return Dictionary(pairs.compactMap { pair in Double(pair.2).map { (String(pair.1), $0) } }) { first, _ in first }
        }
    }

    private let titles: [String]
    private let header: [String]
    /// Columns that have nothing but numbers in the first rows.
    private let numeric: Set<Int>

    init(_ table: CSVFile) {
        header = table.header
        titles = table.header.map { title in
            title.lowercased().filter { !$0.isWhitespace && $0 != "_" && $0 != "-" }
        }
        numeric = table.numericColumns
    }

    subscript(role: Role) -> Int? { columns(role).first }

    private func columns(_ role: Role) -> [Int] { role.titles.compactMap { titles.firstIndex(of: $0) } }

    /// Names go before numbers.
    var image: Int? {
        let candidates = columns(.image)
        return candidates.first { !numeric.contains($0) } ?? candidates.first
    }

    /// The columns of a box; a column of texts is one where nothing else is.
    var edges: Edges? {
        let kinds: [(titles: [String], kind: Edges.Kind)] = [
            (["x", "y", "width", "height"], .cornerAndSize), (["x", "y", "w", "h"], .cornerAndSize),
            (["xmin", "ymin", "xmax", "ymax"], .corners),
            (["x0", "y0", "x1", "y1"], .corners), (["x1", "y1", "x2", "y2"], .corners), (["left", "top", "right", "bottom"], .corners),
            (["box.x1", "box.y1", "box.x2", "box.y2"], .corners), (["boxx1", "boxy1", "boxx2", "boxy2"], .corners),
            (["xcenter", "ycenter", "width", "height"], .middleAndSize), (["box"], .text), (["bbox"], .text),
        ]
        for (wanted, kind) in kinds {
            let columns = wanted.compactMap { titles.firstIndex(of: $0) }
            if columns.count == wanted.count { return Edges(columns: columns, kind: kind) }
        }
        return nil
    }

    // MARK: What numbers mean

    /// The images' names by the texts of their column, where those are numbers.
    /// - Throws: `EvaluationError` where a number could mean two images.
    func imageNames(_ table: CSVFile, _ images: [DatasetImage]) throws -> [String: String] {
        guard let image, numeric.contains(image) else { return [:] }
        var numbers: [String: Int] = [:]
        var areNames = titles[image] != "imageid"
        table.forEachRecord { record, _ in
            guard case .fields(let fields) = record, fields.count > image, numbers[fields[image]] == nil else { return }
            // A column with a gap has become one of decimals to some tools.
            let whole = Int(fields[image]) ?? table.number(fields[image]).flatMap { Int(exactly: $0) }
            guard let number = whole, number >= 0 else { return }
            // No id is written with a zero before it.
            if fields[image].hasPrefix("0"), fields[image].count > 1, Int(fields[image]) != nil { areNames = true }
            numbers[fields[image]] = number
        }
        let known = ImageNumbers(images)
        // A zero before a number tells it from others: such a text is a name as it stands.
        if areNames { numbers = numbers.filter { known.name($0.key) == nil } }
        let meant = try known.meaning(of: Set(numbers.values), areNames: areNames)
        return numbers.compactMapValues { meant[$0] }
    }

    /// How a row says its finding.
    struct Finding {
        /// `nil` where there is one finding only.
        let column: Int?
        /// `nil` for names.
        fileprivate let numbers: ClassNumbers?
        var note: String? { numbers?.note }

        /// `nil` where it is no number and should be one.
        func category(_ fields: [String]) -> PredictedBox.Category? {
            guard let column else { return .index(0) }
            guard let numbers else { return .name(fields[column]) }
            return Int(fields[column]).map(numbers.category) ?? Double(fields[column]).flatMap { Int(exactly: $0) }.map(numbers.category)
        }
    }

    /// - Throws: `EvaluationError` where no column says it, or numbers could mean two things.
    func finding(_ table: CSVFile, _ findingClasses: [FindingClass]) throws -> Finding {
        if let names = columns(.name).first(where: { !numeric.contains($0) }) { return Finding(column: names, numbers: nil) }
        let candidates: [(column: Int?, title: ClassNumbers.Title)] = [
            (columns(.id).first, .id), (columns(.place).first, .place),
            (columns(.name).first, .unclear(columns(.name).first.map { header[$0] } ?? "")),
        ]
        guard let (column, title) = candidates.lazy.compactMap({ item in item.column.map { ($0, item.title) } }).first else {
            guard findingClasses.count == 1 else {
                throw EvaluationError(.malformed, "the table has no column of findings (label, class_name, category_id)")
            }
            return Finding(column: nil, numbers: nil)
        }
        var texts: Set<String> = []
        table.forEachRecord { record, _ in
            if case .fields(let fields) = record, fields.count > column, texts.count < 10_000 { texts.insert(fields[column]) }
        }
        // Findings may be called by numbers.
        if case .unclear = title, texts.isSubset(of: findingClasses.map(\.name)) { return Finding(column: column, numbers: nil) }
        let numbers = Set(texts.compactMap { Double($0).flatMap { Int(exactly: $0) } })
        return Finding(column: column, numbers: try ClassNumbers(numbers, under: title, findingClasses: findingClasses))
    }
}
