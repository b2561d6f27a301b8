import Datasets
import Evaluation
import Findings
import Foundation
import Geometry

extension PredictionFile {
    /// A row a box, or Kaggle's row an image.
    static func csv(_ url: URL, images: [DatasetImage], findingClasses: [FindingClass]) throws -> PredictionFile {
        let table: CSVFile
        do {
            table = try CSVFile(url, name: "the table")
        } catch {
            throw EvaluationError(.malformed, "neither JSON nor a table: \((error as? DatasetError)?.reason ?? "it cannot be read")")
        }
        let columns = PredictionColumns(table)
        let parted = "row 1, whose \(table.header.count) fields are parted by \(table.separatorName),"
        guard let image = columns.image else {
            throw EvaluationError(.malformed, "the table has no column of images (image, image_id, file_name, path): \(parted) names none")
        }
        var file = PredictionFile(format: "CSV")
        if let note = table.note { file.problems.append(note) }
        let names = try columns.imageNames(table, images)
        if let prediction = columns[.predictionString] {
            file.format = "CSV with PredictionString"
            table.forEachRecord { record, number in
                guard let fields = file.fields(record, number, columns: max(image, prediction)) else { return }
                let name = names[fields[image]] ?? fields[image]
                file.addStrings(fields[prediction], image: name, row: number, classCount: findingClasses.count)
            }
            return file
        }
        guard let score = columns[.score] else {
            throw EvaluationError(
                .malformed, "the table has no column of scores (score, confidence, conf, probability): \(parted) names none")
        }
        guard let edges = columns.edges else {
            throw EvaluationError(
                .malformed,
                "the table has no columns of boxes (x, y, width, height or x_min, y_min, x_max, y_max), in pixels: \(parted) names none")
        }
        let finding = try columns.finding(table, findingClasses)
        if let note = finding.note { file.problems.append(note) }
        let last = ([image, score, finding.column ?? 0] + edges.columns).max() ?? 0
        table.forEachRecord { record, number in
            guard let fields = file.fields(record, number, columns: last) else { return }
            guard let category = finding.category(fields) else { return file.leaveOut("row \(number): its class is no number") }
            file.rows.append(
                PredictedBox(
                    place: "row \(number)", image: names[fields[image]] ?? fields[image], category: category,
                    box: edges.box(fields, table), score: table.number(fields[score]) ?? .nan))
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
