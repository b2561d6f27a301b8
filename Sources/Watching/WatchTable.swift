import Foundation
import SwiftCSV

/// What is watched, from a table somebody else made: a row an image with `time` (ISO 8601) and `device`; other columns are numbers, and those
/// whose name begins with `tag ` are texts of the header. `accepted` and `rejected` are counts of the model's boxes.
public enum WatchTable {
    /// - Throws: `WatchError` that names the file, and the row that cannot be used.
    public static func read(_ url: URL) throws(WatchError) -> [WatchedImage] {
        let name = url.lastPathComponent
        guard let text = try? String(contentsOf: url, encoding: .utf8) else { throw WatchError(.missing, "\(name) cannot be read as text") }
        guard let table = try? NamedCSV(string: text) else { throw WatchError(.malformed, "\(name) is no table") }
        guard table.header.contains("time"), table.header.contains("device") else {
            throw WatchError(.malformed, "\(name) has no columns \"time\" and \"device\"")
        }
        var images: [WatchedImage] = []
        for (index, row) in table.rows.enumerated() {
            let place = "\(name), row \(index + 2)"
            guard let time = row["time"].flatMap(Self.time) else { throw WatchError(.malformed, "\(place): time is not ISO 8601") }
            var image = WatchedImage(time: time, device: row["device"] ?? "")
            // Accepted before rejected, whatever the order of the columns.
            for (column, value) in row.sorted(by: { $0.key < $1.key }) where !["time", "device"].contains(column) && !value.isEmpty {
                if column.hasPrefix("tag ") {
                    image.tags[String(column.dropFirst(4))] = value
                } else if let number = Double(value), number.isFinite {
                    if column == "accepted" || column == "rejected" {
                        guard number >= 0, number <= 10_000, number == number.rounded() else {
                            throw WatchError(.malformed, "\(place): \(column) is not a count")
                        }
                        image.decisions += Array(repeating: column == "accepted", count: Int(number))
                    } else {
                        image.numbers[column] = number
                    }
                } else {
                    throw WatchError(.malformed, "\(place): \(column) is not a number")
                }
            }
            images.append(image)
        }
        return images
    }

    private static func time(_ text: String) -> Date? {
        (try? Date(text, strategy: .iso8601)) ?? (try? Date(text + "T00:00:00Z", strategy: .iso8601))
    }
}
