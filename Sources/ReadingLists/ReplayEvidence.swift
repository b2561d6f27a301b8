import Foundation

/// What a replay on boxed images showed: how good models are that learnt from so many images, chosen by lot and chosen by the list. `replay.py` writes
/// it. Without evidence that the list beats the lot, the list is by lot, and says so.
public struct ReplayEvidence: Codable, Hashable, Sendable {
    /// The curve of one seed: mAP50 at each round's number of images.
    public struct Run: Codable, Hashable, Sendable {
        public var strategy: ReadingList.Strategy
        public var seed: UInt64
        public var images: [Double]
        public var boxes: [Double]
        public var map50: [Double]

        public init(strategy: ReadingList.Strategy, seed: UInt64, images: [Double], boxes: [Double], map50: [Double]) {
            (self.strategy, self.seed, self.images, self.boxes, self.map50) = (strategy, seed, images, boxes, map50)
        }

        /// The mean height of the curve, by trapezoids.
        var area: Double? {
            guard images.count > 1, images.count == map50.count, let first = images.first, let last = images.last, last > first else {
                return nil
            }
            var sum = 0.0
            for (left, right) in zip(images.indices, images.indices.dropFirst()) {
                sum += (images[right] - images[left]) * (map50[right] + map50[left]) / 2
            }
            return sum / (last - first)
        }
    }

    public var schema = 1
    public var dataset: String
    public var runs: [Run]

    public init(dataset: String, runs: [Run]) { (self.dataset, self.runs) = (dataset, runs) }

    /// Areas of the list less those of the lot, seed by seed: mean, and the ends of Student's 95 percent interval; `nil` with fewer than two
    /// seeds of both.
    public var gain: (mean: Double, low: Double, high: Double)? {
        func areas(_ strategy: ReadingList.Strategy) -> [UInt64: Double] {
            Dictionary(runs.filter { $0.strategy == strategy }.compactMap { run in run.area.map { (run.seed, $0) } }) { first, _ in first }
        }
        let (lot, list) = (areas(.random), areas(.mixed))
        let gains = list.compactMap { seed, area in lot[seed].map { area - $0 } }
        guard gains.count > 1 else { return nil }
        let mean = gains.reduce(0, +) / Double(gains.count)
        let squares = gains.map { ($0 - mean) * ($0 - mean) }
        let variance = squares.reduce(0, +) / Double(gains.count - 1)
        let quantiles = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262]
        let reach = quantiles[min(gains.count - 2, quantiles.count - 1)] * (variance / Double(gains.count)).squareRoot()
        return (mean, mean - reach, mean + reach)
    }

    /// Whether the list may be used.
    public var showsThatTheListIsBetter: Bool { (gain?.low ?? 0) > 0 }

    /// What so many more boxes should bring by the lot's curve, in mAP50; `nil` beyond what was replayed.
    public func gain(from boxes: Double, more: Double, by strategy: ReadingList.Strategy) -> Double? {
        let gains = runs.filter { $0.strategy == strategy }.compactMap { run -> Double? in
            guard let now = Self.height(run, boxes), let then = Self.height(run, boxes + more) else { return nil }
            return then - now
        }
        return gains.isEmpty ? nil : gains.reduce(0, +) / Double(gains.count)
    }

    private static func height(_ run: Run, _ boxes: Double) -> Double? {
        guard run.boxes.count == run.map50.count,
            let above = run.boxes.indices.dropFirst().first(where: { run.boxes[$0] >= boxes }), run.boxes[above - 1] <= boxes
        else { return nil }
        let (low, high) = (run.boxes[above - 1], run.boxes[above])
        guard high > low else { return run.map50[above] }
        let share = (boxes - low) / (high - low)
        return run.map50[above - 1] + (run.map50[above] - run.map50[above - 1]) * share
    }
}
