extension WeightLoadReport {
    /// A few lines for people: counts, every mismatch by name, and the rest by what their names begin with.
    public var lines: [String] {
        var lines = ["\(source.isEmpty ? "weights" : source): \(loaded.count) of the network's \(total) tensors loaded"]
        lines += notes
        lines += mismatched.map { "of another shape, starts fresh: \($0)" }
        if !missing.isEmpty { lines.append("not in the file, start fresh: \(Self.grouped(missing))") }
        if !unused.isEmpty { lines.append("in the file and not used: \(Self.grouped(unused))") }
        if counters > 0 { lines.append("in the file and not needed: \(counters) counters of batches") }
        if !unreadable.isEmpty { lines.append("in the file, but no real numbers: \(Self.grouped(unreadable))") }
        return [lines[0]] + lines.dropFirst().map { "  " + $0 }
    }

    /// "12 (classifier 2, features 10)".
    static func grouped(_ names: [String]) -> String {
        let paths = names.map { $0.split { $0 == "." || $0 == "/" } }
        // What all have in common tells nothing, but for the last part of a single name.
        var common = 0
        while let part = paths.first?.dropFirst(common).first, paths.allSatisfy({ $0.count > common + 1 && $0[common] == part }) {
            common += 1
        }
        var counts: [String: Int] = [:]
        for path in paths { counts[path.prefix(common + 1).joined(separator: "."), default: 0] += 1 }
        let groups = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        var texts = groups.prefix(8).map { $0.value == 1 ? $0.key : "\($0.key) \($0.value)" }
        if groups.count > 8 { texts.append("\(groups.count - 8) more groups") }
        return "\(names.count) (\(texts.joined(separator: ", ")))"
    }
}
