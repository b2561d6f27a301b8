import Basics

/// What a fetch would do, for a person at a terminal.
public enum FetchPlanTable {
    /// A line a file, then what is to come of all. Ends in a line feed.
    public static func text(_ plan: [FetchPlanItem], credit: String) -> String {
        var rows = [["file", "size", "to come", "state", "published sums"]]
        for item in plan {
            let sums = item.file.sums.map(\.algorithm.rawValue).joined(separator: ", ")
            rows.append([
                item.file.name, item.file.byteCount.map(ByteCount.text) ?? "unknown",
                item.remaining.map { $0 == 0 ? "-" : ByteCount.text($0) } ?? "unknown", state(item),
                sums.isEmpty ? "none; size only, recorded at first fetch" : sums,
            ])
        }
        let coming = ByteCount.text(plan.reduce(0) { $0 + ($1.remaining ?? 0) })
        return PlainColumns.lines(rows).joined(separator: "\n") + "\n\(coming) to come. \(credit)\n"
    }

    private static func state(_ item: FetchPlanItem) -> String {
        let state =
            switch item.state {
            case .missing: "missing"
            case .partial(let here): "\(ByteCount.text(here)) here"
            case .unverified: "here, to be verified"
            case .verified: "verified"
            case .extracted(let images): "\(images) images taken out"
            }
        return item.isInFolder == false && item.remaining != 0 ? state + ", not in the folder" : state
    }
}
