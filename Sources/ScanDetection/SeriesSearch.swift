import Basics
import DICOM
import Foundation

/// Which of the files that a person named are slices of CT series, and which are images to be looked at one by one.
public struct SeriesSearch: Sendable {
    /// Slices that say that they are of one series.
    public struct Series: Hashable, Sendable {
        /// The folder where they lie, or of slices of several folders the first file.
        public var name: String
        public var uid: String
        public var files: [String]
    }

    /// In the order of their first files.
    public let series: [Series]
    /// Files of no series, in their order.
    public let others: [String]

    /// Fewer slices are images, not a scan.
    public static let fewest = 10

    /// - Parameter paths: Files. Those that cannot be read are among the others: who looks at them says why.
    public init(_ paths: [String]) {
        let uids = Concurrent.map(paths.count, stretch: 8) { Self.series(of: paths[$0]) }
        var groups: [String: (slices: Int, files: [String])] = [:]
        for (path, found) in zip(paths, uids) {
            guard let found else { continue }
            groups[found.uid, default: (0, [])].slices += found.slices
            groups[found.uid]?.files.append(path)
        }
        let chosen = groups.filter { $0.value.slices >= Self.fewest }
        var (series, others, seen) = ([Series](), [String](), Set<String>())
        for (path, found) in zip(paths, uids) {
            guard let uid = found?.uid, let group = chosen[uid] else {
                others.append(path)
                continue
            }
            if seen.insert(uid).inserted { series.append(Series(name: Self.name(group.files), uid: uid, files: group.files)) }
        }
        self.series = series
        self.others = others
    }

    private static func series(of path: String) -> (uid: String, slices: Int)? {
        guard let bytes = try? Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe), DICOMDecoder().recognises(bytes),
            let headers = try? SliceHeader.slices(of: bytes, maximumFrames: 5_000), let first = headers.first, first.modality == "CT",
            let uid = first.seriesInstanceUID, first.position != nil, first.rowDirection != nil
        else { return nil }
        return (uid, headers.count)
    }

    private static func name(_ files: [String]) -> String {
        let folders = Set(files.map { URL(fileURLWithPath: $0).deletingLastPathComponent().relativePath })
        return folders.count == 1 && files.count > 1 ? folders.first ?? files[0] : files[0]
    }
}
