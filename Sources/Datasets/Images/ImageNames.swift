import Foundation

/// Tells which image of a dataset a file is by its path: copies lie elsewhere and have other suffixes, but a path that does not fit an
/// image's name, as `valid/1.png` does not fit `train/1.png`, is not that image's.
public struct ImageNames: Sendable {
    private let steps: [[String]]
    private let byStem: [String: [Int]]

    /// - Parameter names: Of images, inside a dataset.
    public init(_ names: [String]) {
        steps = names.map { ImagePath($0).steps }
        byStem = Dictionary(grouping: names.indices) { FileNames.stem(names[$0]) }
    }

    /// What was found for a path.
    public enum Match: Hashable, Sendable {
        /// The position of the image's name.
        case one(Int)
        case none
        /// Several images fit it alike.
        case several
    }

    public func match(_ path: String) -> Match {
        let file = ImagePath(path)
        guard let last = file.steps.last, let candidates = byStem[FileNames.stem(last)] else { return .none }
        let fits = candidates.compactMap { index -> (index: Int, common: Int, hasSuffix: Bool)? in
            let common = ImagePath.commonEnding(file.steps, steps[index]) { FileNames.stem($0) == FileNames.stem($1) }
            guard common == file.steps.count || common == steps[index].count else { return nil }
            return (index, common, steps[index].last == last)
        }
        let most = fits.map(\.common).max()
        let best = fits.filter { $0.common == most }
        let own = best.filter(\.hasSuffix)
        if best.count == 1 { return .one(best[0].index) }
        if own.count == 1 { return .one(own[0].index) }
        return fits.isEmpty ? .none : .several
    }
}
