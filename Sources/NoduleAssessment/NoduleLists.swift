import Datasets
import Evaluation
import Foundation

/// Lists of nodules and of marks as LUNA16 has them, and as `pleura phantom --ct` and `pleura detect --csv` write them: tables whose columns are
/// told by their titles.
public struct NoduleLists: Sendable {
    /// A nodule that is known.
    public struct Truth: Hashable, Sendable {
        public var series: String
        /// Millimetres.
        public var centre: SIMD3<Double>
        public var diameter: Double
        /// Cubic millimetres; `nil` where the list does not say it.
        public var volume: Double?
        public var kind: String?
    }

    /// What a system says.
    public struct Mark: Hashable, Sendable {
        public var series: String
        public var place: SIMD3<Double>
        public var score: Double
    }

    private static let seriesTitles = ["seriesuid", "series_uid", "series_instance_uid"]
    private static let placeTitles = [["coordX", "x_mm"], ["coordY", "y_mm"], ["coordZ", "z_mm"]]

    /// - Throws: `DatasetError` naming the row and the column.
    public static func truths(_ file: URL) throws -> [Truth] {
        let table = try CSVFile(file)
        let series = try column(seriesTitles, of: table), places = try placeTitles.map { try column($0, of: table) }
        let diameter = try column(["diameter_mm", "diameter"], of: table)
        let volume = try? column(["volume_mm3"], of: table), kind = try? column(["kind"], of: table)
        var truths: [Truth] = []
        try table.forEachRow { fields, row in
            func number(_ column: Int) throws -> Double {
                guard let number = CSVFile.number(fields[column]) else {
                    throw DatasetError(.malformed, "\(table.place(row)): \(table.header[column]) is no number")
                }
                return number
            }
            let place = try places.map(number)
            // LUNA16's list of irrelevant findings has -1 where nobody measured.
            let size = try number(diameter)
            truths.append(
                Truth(
                    series: fields[series], centre: SIMD3(place[0], place[1], place[2]), diameter: size < 0 ? 10 : size,
                    volume: try volume.map(number), kind: kind.map { fields[$0] }))
        }
        return truths
    }

    /// - Throws: `DatasetError` naming the row and the column.
    public static func marks(_ file: URL) throws -> [Mark] {
        let table = try CSVFile(file)
        let series = try column(seriesTitles, of: table), places = try placeTitles.map { try column($0, of: table) }
        let score = try column(["probability", "score"], of: table)
        var marks: [Mark] = []
        try table.forEachRow { fields, row in
            let numbers = try (places + [score]).map { column in
                guard let number = CSVFile.number(fields[column]) else {
                    throw DatasetError(.malformed, "\(table.place(row)): \(table.header[column]) is no number")
                }
                return number
            }
            marks.append(Mark(series: fields[series], place: SIMD3(numbers[0], numbers[1], numbers[2]), score: numbers[3]))
        }
        return marks
    }

    /// Series UIDs, one a line; a title is passed over.
    public static func series(_ file: URL) throws -> [String] {
        guard let text = try? String(contentsOf: file, encoding: .utf8) else {
            throw DatasetError(.missing, "\(file.lastPathComponent) cannot be opened")
        }
        return text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty && !seriesTitles.contains($0) }
    }

    private static func column(_ titles: [String], of table: CSVFile) throws -> Int {
        guard let place = table.header.firstIndex(where: { titles.contains($0) }) else {
            throw DatasetError(.malformed, "\(table.name) has no column \(titles.joined(separator: " or "))")
        }
        return place
    }

    /// Scans for `NoduleEvaluation`, in the order of the series' names.
    /// - Parameter series: All that were looked at, also those without a nodule or a mark; `nil` for those that the lists name.
    public static func scans(
        truths: [Truth], irrelevant: [Truth] = [], marks: [Mark], series: [String]? = nil
    ) -> [NoduleScan] {
        let names = Set(series ?? truths.map(\.series) + irrelevant.map(\.series) + marks.map(\.series)).sorted()
        let (found, further) = (Dictionary(grouping: truths, by: \.series), Dictionary(grouping: irrelevant, by: \.series))
        let said = Dictionary(grouping: marks, by: \.series)
        func findings(_ list: [Truth]?) -> [NoduleScan.Finding] {
            (list ?? []).map { NoduleScan.Finding(centre: $0.centre, diameter: $0.diameter) }
        }
        return names.map { name in
            NoduleScan(
                name: name, nodules: findings(found[name]), irrelevant: findings(further[name]),
                marks: (said[name] ?? []).map { NoduleScan.Mark(place: $0.place, score: $0.score) })
        }
    }
}
