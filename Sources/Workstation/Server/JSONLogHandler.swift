import Foundation
import Logging
import Synchronization

/// A log for programs: one JSON object a line, with `time` (RFC 3339, UTC), `level`, `label`, `message`, and under `metadata` what came with it.
///
/// Whoever logs leaves patients out. An error of another library may hold what it stumbled over, so of errors only the type is written.
public struct JSONLogHandler: LogHandler {
    public var logLevel = Logger.Level.notice
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let write: @Sendable (String) -> Void

    private struct Line: Encodable {
        var time: String
        var level: String
        var label: String
        var message: String
        var error: String?
        var metadata: [String: String]?
    }

    /// - Parameter write: Gets each line, with its line feed.
    public init(label: String, write: @escaping @Sendable (String) -> Void) { (self.label, self.write) = (label, write) }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        let all = metadata.merging(metadataProvider?.get() ?? [:]) { $1 }.merging(event.metadata ?? [:]) { $1 }
        let line = Line(
            time: Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)), level: event.level.rawValue, label: label,
            message: event.message.description, error: event.error.map { "\(type(of: $0))" },
            metadata: all.isEmpty ? nil : all.mapValues(\.description))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let bytes = try? encoder.encode(line) else { return }
        write(String(decoding: bytes, as: UTF8.self) + "\n")
    }
}
