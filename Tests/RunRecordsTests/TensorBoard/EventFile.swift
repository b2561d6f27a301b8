import Foundation
import PleuraTesting
import RunRecords
import SwiftProtobuf
import TFRecords

/// A clock that a test sets.
final class TestClock {
    var date: Date
    init(_ seconds: Double) { date = Date(timeIntervalSince1970: seconds) }
    func now() -> Date { date }
}

/// Event files read by our own record reader, which checks both checksums.
enum EventFile {
    static func events(_ file: URL) throws -> [Pleura_TensorBoard_Event] {
        let reader = try TFRecordReader(file)
        var events: [Pleura_TensorBoard_Event] = []
        while try reader.read({ events.append(try Pleura_TensorBoard_Event(serializedBytes: Data($0.bytes))) }) {}
        return events
    }

    /// In the order of their names, which is TensorBoard's.
    static func files(_ folder: URL) throws -> [URL] {
        try Files.names(in: folder).map { folder.appendingPathComponent($0) }
    }
}
