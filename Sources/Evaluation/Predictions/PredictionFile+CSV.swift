import Datasets
import Findings
import Foundation

extension PredictionFile {
    /// A row a box, or Kaggle's row an image.
    static func csv(_ url: URL, findingClasses: [FindingClass]) throws -> PredictionFile {
        let table: CSVFile
        do {
            table = try CSVFile(url, name: "the table")
        } catch {
            throw EvaluationError(.malformed, "neither JSON nor a table: \((error as? DatasetError)?.reason ?? "it cannot be read")")
        }
        let columns = PredictionColumns(table.header)
        guard let image = columns[.image] else {
            throw EvaluationError(.malformed, "the table has no column of images (image, image_id, file_name, path)")
        }
        var file = PredictionFile(format: "CSV")
        if let prediction = columns[.predictionString] {
            file.format = "CSV with PredictionString"
            table.forEachRecord { record, number in
                guard let fields = file.fields(record, number, columns: max(image, prediction)) else { return }
                file.addStrings(fields[prediction], image: fields[image], row: number, classCount: findingClasses.count)
            }
            return file
        }
        guard let score = columns[.score] else {
            throw EvaluationError(.malformed, "the table has no column of scores (score, confidence, conf, probability)")
        }
        guard let edges = columns.edges else {
            throw EvaluationError(
                .malformed, "the table has no columns of boxes (x, y, width, height or x_min, y_min, x_max, y_max), in pixels")
        }
        guard columns[.name] != nil || columns[.id] != nil || columns[.index] != nil || findingClasses.count == 1 else {
            throw EvaluationError(.malformed, "the table has no column of findings (label, class_name, category_id)")
        }
        let last = ([image, score] + edges.columns + [columns[.name], columns[.id], columns[.index]].compactMap { $0 }).max() ?? 0
        table.forEachRecord { record, number in
            guard let fields = file.fields(record, number, columns: last) else { return }
            let category: PredictedBox.Category
            if let name = columns[.name] {
                category = .name(fields[name])
            } else if let id = columns[.id].flatMap({ Int(fields[$0]) }) {
                category = .id(id)
            } else if let index = columns[.index].flatMap({ Int(fields[$0]) }) {
                category = .index(index)
            } else if columns[.id] == nil, columns[.index] == nil {
                category = .index(0)
            } else {
                return file.leaveOut("row \(number): its class is no number")
            }
            let values = edges.columns.map { Double(fields[$0]) ?? .nan }
            let box =
                edges.areCorners
                ? Box(x0: values[0], y0: values[1], x1: values[2], y1: values[3])
                : Box(x: values[0], y: values[1], width: values[2], height: values[3])
            file.rows.append(
                PredictedBox(
                    place: "row \(number)", image: fields[image], category: category, box: box, score: Double(fields[score]) ?? .nan))
        }
        return file
    }

    /// A row with all columns up to the last one needed; any other is told and left out.
    private mutating func fields(_ record: CSVFile.Record, _ number: Int, columns last: Int) -> [String]? {
        switch record {
        case .fault(let fault): leaveOut("row \(number): \(fault)")
        case .fields(let fields) where fields.count > last: return fields
        case .fields(let fields): leaveOut("row \(number): it has \(fields.count) fields, too few")
        }
        return nil
    }

    /// VinBigData: `class score x0 y0 x1 y1`, again and again; RSNA: `score x y width height`.
    private mutating func addStrings(_ text: String, image: String, row: Int, classCount: Int) {
        let values = text.split(whereSeparator: \.isWhitespace).map { Double($0) ?? .nan }
        // A number of values that both divide is VinBigData's where its first values are class numbers.
        let isVinBigData = values.count % 6 == 0 && (classCount > 1 || values.count % 5 != 0)
        guard isVinBigData || (values.count % 5 == 0 && classCount == 1) else {
            return leaveOut("row \(row): its PredictionString is not six values a box (or five, where there is one finding)")
        }
        let size = isVinBigData ? 6 : 5
        for start in stride(from: 0, to: values.count, by: size) {
            let part = Array(values[start..<start + size])
            let place = "row \(row), box \(start / size + 1)"
            if isVinBigData {
                // VinBigData's word for an image without findings.
                if part[0] == 14, part[2...] == [0, 0, 1, 1] { continue }
                guard let index = Int(exactly: part[0]) else {
                    leaveOut("\(place): its class is no number")
                    continue
                }
                rows.append(
                    PredictedBox(
                        place: place, image: image, category: .index(index), box: Box(x0: part[2], y0: part[3], x1: part[4], y1: part[5]),
                        score: part[1]))
            } else {
                rows.append(
                    PredictedBox(
                        place: place, image: image, category: .index(0), box: Box(x: part[1], y: part[2], width: part[3], height: part[4]),
                        score: part[0]))
            }
        }
    }
}

/// Which column of a table of predictions is which, by the titles that tools give them.
struct PredictionColumns {
    enum Role: CaseIterable {
        case image, name, id, index, score, predictionString

        /// In the order of preference; capitals, blanks and underscores left aside.
        var titles: [String] {
            switch self {
            case .image: ["image", "imageid", "filename", "file", "path", "imagepath", "imagename", "imageindex", "patientid"]
            case .name: ["label", "classname", "class", "category", "categoryname", "finding", "findinglabel", "name"]
            case .id: ["categoryid", "labelid"]
            case .index: ["classid", "classindex", "cls"]
            case .score: ["score", "confidence", "conf", "probability", "prob", "detectionscore"]
            case .predictionString: ["predictionstring"]
            }
        }
    }

    private let titles: [String]

    init(_ header: [String]) {
        titles = header.map { title in
            title.lowercased().filter { !$0.isWhitespace && $0 != "_" && $0 != "-" }
        }
    }

    subscript(role: Role) -> Int? { role.titles.lazy.compactMap { titles.firstIndex(of: $0) }.first }

    /// The four columns of a box; corners, or the upper left corner and the size.
    var edges: (columns: [Int], areCorners: Bool)? {
        let kinds: [(titles: [String], areCorners: Bool)] = [
            (["x", "y", "width", "height"], false), (["x", "y", "w", "h"], false), (["xmin", "ymin", "xmax", "ymax"], true),
            (["x0", "y0", "x1", "y1"], true), (["x1", "y1", "x2", "y2"], true), (["left", "top", "right", "bottom"], true),
        ]
        for kind in kinds {
            let columns = kind.titles.compactMap { titles.firstIndex(of: $0) }
            if columns.count == 4 { return (columns, kind.areCorners) }
        }
        return nil
    }
}
