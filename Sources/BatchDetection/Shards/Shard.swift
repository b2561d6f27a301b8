/// One of the equal parts of a batch: every `of`-th image, beginning with the `number`-th. So that each part has its share of what takes long, neighbours
/// lie in different parts.
public struct Shard: Hashable, Sendable {
    /// From 1.
    public let number: Int
    public let of: Int

    public static let most = 1_000_000
    public static let whole = Shard(number: 1, of: 1)

    private init(number: Int, of: Int) { (self.number, self.of) = (number, of) }

    /// - Parameter text: `K/N`, such as `3/100`; `nil` comes of anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }), let number = Int(parts[0]),
            let of = Int(parts[1]), (1...Self.most).contains(of), (1...of).contains(number)
        else { return nil }
        self.init(number: number, of: of)
    }

    /// The places of this part's images in a list of so many, from 0.
    public func indices(of count: Int) -> StrideTo<Int> { stride(from: number - 1, to: count, by: of) }

    /// Such as `shard-3-of-100.jsonl`.
    var fileName: String { "shard-\(number)-of-\(of).jsonl" }
}
