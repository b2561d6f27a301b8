import Datasets
import Findings
import Foundation
import Geometry

/// A CSV file of annotations under a header, whatever the order of its columns and their titles' case. Every fault of every row is told.
package struct AnnotationTable {
    package let file: CSVFile
    /// In lower case.
    package let titles: [String]

    /// - Throws: `DatasetError` where it cannot be read at all.
    package init(_ url: URL, in source: AnnotationSource) throws {
        file = try CSVFile(url, name: source.name(of: url))
        titles = Self.titles(file)
    }

    /// The titles of a file, in lower case; empty where it is no table.
    package static func titles(of url: URL) -> [String] { (try? CSVFile(url)).map(titles) ?? [] }

    private static func titles(_ file: CSVFile) -> [String] { file.header.map { $0.lowercased() } }

    /// The columns of these titles, all of which must be there once.
    /// - Throws: `DatasetError` with every title that is not.
    package func columns(_ wanted: String...) throws -> [Int] {
        var problems: [String] = []
        let columns = wanted.compactMap { title in
            let found = titles.indices.filter { titles[$0] == title }
            if found.isEmpty { problems.append("\(file.name) has no column \"\(title)\"") }
            if found.count > 1 { problems.append("\(file.name) has the column \"\(title)\" twice") }
            return found.first
        }
        guard problems.isEmpty else { throw DatasetError(.malformed, problems: problems) }
        return columns
    }

    /// The column of this title, where there is one.
    /// - Throws: `DatasetError` where there are two.
    package func optionalColumn(_ title: String) throws -> Int? { titles.contains(title) ? try columns(title)[0] : nil }

    /// One row below the header.
    package struct Row {
        package let fields: [String]
        package let number: Int
        package let file: CSVFile

        /// For messages.
        package var place: String { file.place(number) }
        /// Of an optional column; `nil` where it is not there or has nothing.
        package subscript(column: Int?) -> String? {
            guard let column, !fields[column].isEmpty else { return nil }
            return fields[column]
        }
    }

    /// Calls `body` with every row that has as many fields as the header; `body` throws a `RowFault` where the row cannot be used.
    /// What is wrong goes to the problems of `images`, and the image that such a row names is never a normal one.
    /// - Parameter name: The column that names the image.
    package func forEachRow(naming name: Int, into images: inout AnnotatedImages, _ body: (Row, inout AnnotatedImages) throws -> Void) {
        var rows = 0
        // Images that a row that cannot be used names.
        var lost: Set<String> = []
        file.forEachRecord { record, number, guess in
            rows += 1
            var named: String?
            do {
                guard case .fields(let fields) = record else {
                    let fields = guess()
                    named = fields.indices.contains(name) ? fields[name] : nil
                    if case .fault(let fault) = record { throw RowFault(fault) }
                    return
                }
                named = fields.indices.contains(name) ? fields[name] : nil
                guard fields.count >= titles.count else { throw RowFault("fewer fields than the header") }
                guard fields.count == titles.count || !fields[titles.count...].contains(where: { !$0.isEmpty }) else {
                    throw RowFault("more fields than the header")
                }
                try body(Row(fields: fields, number: number, file: file), &images)
                if !lost.isEmpty, let named, lost.remove(named) != nil { images[named, file.place(number)].isOptional = false }
            } catch {
                images.document.problems.append("\(file.place(number)): \((error as? RowFault)?.reason ?? "cannot be read")")
                guard let named, !named.isEmpty else {
                    images.document.homelessBoxes += 1
                    return
                }
                if images.lose(named, file.place(number)) { lost.insert(named) }
            }
        }
        if rows == 0 { images.document.problems.append("\(file.name): no row") }
    }
}

extension AnnotatedImages {
    /// Says that a box of this image could not be read. An image of which nothing else is known need not have a file.
    /// - Returns: Whether nothing else is known of it.
    package mutating func lose(_ name: String, _ place: @autoclosure () -> String) -> Bool {
        let place = place()
        let isNew = !contains(name, place)
        self[name, place].lostBoxes += 1
        if isNew { self[name, place].isOptional = true }
        return isNew
    }
}

/// Why a row cannot be used, without what stands in it.
package struct RowFault: Error {
    package let reason: String
    package init(_ reason: String) { self.reason = reason }
}

/// Four columns that make a box.
package struct BoxColumns: Hashable, Sendable {
    /// Of left, top, and right, bottom or width, height, in this order.
    package let columns: [Int]
    /// True for the opposite corner, false for the extent.
    package let areCorners: Bool

    package init(columns: [Int], areCorners: Bool) {
        self.columns = columns
        self.areCorners = areCorners
    }

    /// In the units of the table; `nil` where all four fields are empty.
    /// - Throws: `RowFault`.
    package func box(_ row: AnnotationTable.Row) throws -> Box? {
        if columns.allSatisfy({ row.fields[$0].isEmpty }) { return nil }
        let values = columns.compactMap { row.file.number(row.fields[$0]) }
        guard values.count == 4 else { throw RowFault("the box is not four numbers") }
        let box =
            areCorners
            ? Box(x0: values[0], y0: values[1], x1: values[2], y1: values[3])
            : Box(x: values[0], y: values[1], width: values[2], height: values[3])
        guard !box.isEmpty else { throw RowFault("the box is empty or inverted") }
        return box
    }
}

extension AnnotationTable.Row {
    /// A number of pixels an image has in one direction; `nil` where the field is empty.
    /// - Throws: `RowFault`.
    package func pixels(_ column: Int?) throws -> Int? {
        guard let text = self[column] else { return nil }
        guard let number = file.number(text).flatMap({ Int(exactly: $0) }), number > 0 else {
            throw RowFault("the image's width or height is not a positive whole number")
        }
        return number
    }
}

extension AnnotatedImage {
    /// Sets what a row says of the image; the rows of one image must agree.
    /// - Throws: `RowFault`.
    package mutating func set<Value: Equatable>(_ property: WritableKeyPath<AnnotatedImage, Value?>, _ value: Value?, _ what: String) throws
    {
        guard let value else { return }
        let known = self[keyPath: property]
        guard known == nil || known == value else { throw RowFault("another \(what) than in a row above of this image") }
        if known == nil { self[keyPath: property] = value }
    }
}
