import ModelGraph

/// Which family's names a part of a network has in a file, and what stands before them there, such as `module.backbone.body.`.
struct WeightMatch {
    let names: [WeightName]
    let prefix: String
    /// Names whose tensor fits, and names that are there at all.
    let score: (fits: Int, found: Int)

    /// The best one; `nil` where the file has none of the names.
    /// - Complexity: O(tensors of the file · namings).
    init?(_ part: WeightPart, in arrays: [String: NumericArray]) {
        var best: WeightMatch?
        for naming in part.namings {
            for prefix in Self.prefixes(naming, arrays.keys) {
                let match = WeightMatch(naming: naming, prefix: prefix, arrays: arrays)
                if let other = best, !match.isBetter(than: other) { continue }
                best = match
            }
        }
        guard let best, best.score.found > 0 else { return nil }
        self = best
    }

    private init(naming: WeightNaming, prefix: String, arrays: [String: NumericArray]) {
        names = naming.names
        self.prefix = prefix
        var score = (fits: 0, found: 0)
        for name in naming.names {
            guard let array = arrays[prefix + name.name] else { continue }
            // What is not what it seems to be is no sign of the family.
            guard name.refusal(prefix: prefix, in: arrays) == nil else { continue }
            score.found += 1
            if name.fits(array.shape) { score.fits += 1 }
        }
        self.score = score
    }

    /// More that fits; then more that is there; then the averaged weights before the last step's. The first of equals stays.
    private func isBetter(than other: WeightMatch) -> Bool {
        score == other.score ? isAveraged && !other.isAveraged : score > other.score
    }

    /// Names under which trainings keep a moving average of their weights beside them.
    private static let averages: Set<Substring> = [
        "average", "averaged", "averaged_model", "ema", "ema_model", "model_ema", "ema_state_dict", "state_dict_ema", "swa_model",
    ]
    private var isAveraged: Bool { prefix.split { $0 == "." || $0 == "/" }.contains { Self.averages.contains($0) } }

    /// What stands before any of the names in the file, ended by a dot or a slash; the shortest first.
    private static func prefixes(_ naming: WeightNaming, _ keys: some Sequence<String>) -> [String] {
        let names = Set(naming.names.map(\.name))
        var prefixes: Set<String> = []
        for key in keys {
            var start = key.startIndex
            while true {
                if names.contains(String(key[start...])) { prefixes.insert(String(key[..<start])) }
                guard let end = key[start...].firstIndex(where: { $0 == "." || $0 == "/" }) else { break }
                start = key.index(after: end)
            }
        }
        return prefixes.sorted { ($0.count, $0) < ($1.count, $1) }
    }
}
