import Basics
import Datasets
import Evaluation
import Findings
import Foundation
import NoduleDetection
import NoduleReports
import Nodules
import ScanDetection
import Volumes

/// A model of nodules on scans whose nodules are known: a folder as `pleura phantom --ct` writes it, `nodules.csv` and a folder a scan.
public struct DrawnScanAssessment: Sendable {
    public let folder: URL
    public var detector: NoduleDetector
    /// Marks below are not looked at.
    public var lowestScore = 0.02
    public var draws: Int
    public var seed: UInt64
    public var observer: any WorkObserver

    public init(
        _ folder: URL, detector: NoduleDetector, draws: Int = 1_000, seed: UInt64 = 1, observer: any WorkObserver = SilentObserver()
    ) {
        (self.folder, self.detector, self.draws, self.seed, self.observer) = (folder, detector, draws, seed, observer)
    }

    /// A nodule with the mark that hits it best.
    private struct Pair {
        var truth: NoduleLists.Truth
        var nodule: Nodule?
    }

    /// - Throws: `DatasetError`, `EvaluationError`.
    public func run() throws -> NoduleReport {
        let truths = try NoduleLists.truths(folder.appendingPathComponent("nodules.csv"))
        let files = FolderWalk.files(in: folder).map(\.path).filter { $0.hasSuffix(".dcm") }
        let search = SeriesSearch(files)
        guard !search.series.isEmpty else { throw DatasetError(.missing, "the folder holds no CT series") }
        let threshold = detector.lowestScore
        var low = detector
        low.threshold = min(lowestScore, threshold)
        var batch = ScanBatch(detector: low)
        batch.observer = observer
        let scans = try batch.run(search.series)
        let read = scans.filter { $0.reading != nil }
        var marks: [NoduleLists.Mark] = []
        for scan in read {
            marks += (scan.reading?.nodules ?? []).map {
                NoduleLists.Mark(series: scan.seriesInstanceUID ?? "", place: $0.nodule.centre, score: $0.nodule.score ?? 0)
            }
        }
        let names = read.compactMap(\.seriesInstanceUID)
        let known = truths.filter { names.contains($0.series) }
        var report = try NoduleReport(
            NoduleLists.scans(truths: known, marks: marks, series: names), draws: draws, seed: seed)
        report.failed = scans.compactMap { scan in scan.error.map { "\(scan.name): \($0.description)" } }
        let evaluation = try NoduleEvaluation(NoduleLists.scans(truths: known, marks: marks, series: names))
        let atOne = evaluation.points.last { $0.falseMarks <= 1 }?.score ?? 1
        let pairs = known.map { truth in Pair(truth: truth, nodule: best(for: truth, in: read)) }
        func isFound(_ pair: Pair, _ score: Double) -> Bool { (pair.nodule?.score ?? -1) >= score }
        let falseMarks = marks.filter { mark in
            mark.score >= threshold && !known.contains { $0.series == mark.series && Self.hits($0, mark.place) }
        }
        report.operating = NoduleReport.Operating(
            threshold: threshold, sensitivity: known.isEmpty ? 0 : Double(pairs.count { isFound($0, threshold) }) / Double(known.count),
            falseMarks: read.isEmpty ? 0 : Double(falseMarks.count) / Double(read.count))
        var groups: [(name: String, isIn: (Pair) -> Bool)] = []
        groups.append(("5 mm or less", { $0.truth.diameter <= 5 }))
        groups.append(("over 5 mm", { $0.truth.diameter > 5 }))
        for kind in Set(known.compactMap(\.kind)).sorted() { groups.append((kind, { $0.truth.kind == kind })) }
        report.parts = groups.compactMap { name, isIn in
            let part = pairs.filter(isIn)
            guard !part.isEmpty else { return nil }
            return NoduleReport.Part(
                name: name, nodules: part.count, found: part.count { isFound($0, threshold) }, foundAtOne: part.count { isFound($0, atOne) }
            )
        }
        let large: (Pair) -> Bool = { $0.truth.diameter > 6 }
        var sized: [(name: String, isIn: (Pair) -> Bool)] = [("all", { _ in true })]
        sized.append(("over 6 mm", large))
        sized.append(("solid over 6 mm", { large($0) && $0.truth.kind == "solid" }))
        report.sizes = sized.compactMap { name, isIn in sizes(name, pairs.filter { isIn($0) && isFound($0, threshold) }) }
        return report
    }

    private func best(for truth: NoduleLists.Truth, in scans: [ScanFindings]) -> Nodule? {
        scans.first { $0.seriesInstanceUID == truth.series }?.reading?.nodules.map(\.nodule)
            .filter { Self.hits(truth, $0.centre) }.max { ($0.score ?? 0) < ($1.score ?? 0) }
    }

    private static func hits(_ truth: NoduleLists.Truth, _ place: SIMD3<Double>) -> Bool {
        let offset = place - truth.centre
        return (offset * offset).sum() < truth.diameter * truth.diameter / 4
    }

    private func sizes(_ name: String, _ pairs: [Pair]) -> NoduleReport.Sizes? {
        let measured = pairs.compactMap { pair in pair.nodule.map { (pair.truth, $0) } }
        let diameters = measured.map { $1.meanDiameter - $0.diameter }
        let volumes = measured.compactMap { truth, nodule in truth.volume.map { nodule.volume / $0 - 1 } }
        guard let diameter = NoduleReport.Errors(diameters), let volume = NoduleReport.Errors(volumes) else { return nil }
        return NoduleReport.Sizes(
            name: name, nodules: measured.count, diameter: diameter, volume: volume,
            diameterWithin: Double(diameters.count { abs($0) <= 0.7 }) / Double(diameters.count),
            volumeWithin: Double(volumes.count { abs($0) <= 0.15 }) / Double(volumes.count))
    }
}
