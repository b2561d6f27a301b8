import Foundation

/// Finds images by the names that results give them: with or without a suffix, with the folders of another machine or without any. A path
/// never means an image in another folder than the one it ends in.
struct ImageNames {
    enum Match: Hashable {
        case one(Int)
        case none
        /// Several images have the name, in different folders.
        case several
    }

    private let positions: [String: Int]
    private let byLastStep: [String: [Int]]
    private let steps: [[Substring]]

    /// - Parameter names: The images' names without suffix, with their folders.
    init(_ names: [String]) {
        positions = Dictionary(names.enumerated().map { ($1, $0) }) { first, _ in first }
        let steps = names.map { $0.split(separator: "/") }
        byLastStep = Dictionary(grouping: steps.indices) { String(steps[$0].last ?? "") }
        self.steps = steps
    }

    /// The position of the image among the names.
    func match(_ name: String) -> Match {
        if let position = positions[name] ?? positions[(name as NSString).deletingPathExtension] { return .one(position) }
        let path = name.split { $0 == "/" || $0 == "\\" }
        guard let last = path.last.map(String.init) else { return .none }
        for stem in [last, (last as NSString).deletingPathExtension] {
            let spelled = path.dropLast() + [Substring(stem)]
            let fits = (byLastStep[stem] ?? []).map { (position: $0, common: Self.common(spelled, steps[$0])) }
                .filter { $0.common == min(spelled.count, steps[$0.position].count) }
            let most = fits.map(\.common).max()
            let best = fits.filter { $0.common == most }
            if best.count == 1 { return .one(best[0].position) }
            if best.count > 1 { return .several }
        }
        return .none
    }

    /// How many steps are the same from the last one on.
    private static func common(_ path: ArraySlice<Substring>, _ other: [Substring]) -> Int {
        zip(path.reversed(), other.reversed()).prefix { $0 == $1 }.count
    }
}
