import Basics
import Foundation
import Weights

/// Known weights with where they lie: what `pleura model fetch --json` lists.
public struct WeightEntry: Encodable, Hashable, Sendable {
    public var name: String
    /// Bytes.
    public var size: Int
    public var summary: String
    public var licence: String
    /// Where it lies; left out where it is not here.
    public var path: String?
    /// Why it could not be fetched, one line.
    public var error: String?

    /// - Parameter file: `nil` where it is not here.
    public init(_ known: KnownWeights, _ file: URL?, error: String? = nil) {
        (name, size, summary, licence) = (known.name, known.byteCount, known.summary, known.licence)
        (path, self.error) = (file?.path, error)
    }

    /// All known weights, with where a store has them.
    public static func all(in store: WeightStore = .standard) -> [WeightEntry] {
        KnownWeights.all.map { WeightEntry($0, store.file(of: $0)) }
    }

    /// A line each, under a line of headings, for a person at a terminal. Ends in a line feed.
    public static func table(_ entries: [WeightEntry]) -> String {
        let rows = entries.map { [$0.name, ByteCount.text($0.size), $0.summary, $0.licence, $0.path ?? "not here"] }
        return PlainColumns.lines([["name", "size", "what it is", "licence", "where"]] + rows).map { $0 + "\n" }.joined()
    }
}
