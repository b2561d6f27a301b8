import Basics

/// Which images are to be read next, so that the boxes drawn on them teach most: a third is drawn by lot, which alone keeps figures honest; the rest
/// is what the model is least sure of, and what is least like what was read before.
///
/// Under 200 images read at a site, uncertainty picks worse than the lot (Chen et al., MIDL 2023), and half is drawn, half spread over what the
/// images look like.
public struct ReadingList: Sendable {
    public enum Reason: String, Codable, Hashable, Sendable, CaseIterable {
        case random, uncertain, different, spread
    }

    public struct Pick: Codable, Hashable, Sendable {
        public var id: String
        public var reason: Reason

        public init(id: String, reason: Reason) { (self.id, self.reason) = (id, reason) }
    }

    /// How images are chosen.
    public enum Strategy: String, Codable, Hashable, Sendable, CaseIterable {
        case random, mixed
    }

    public var strategy: Strategy
    public var count = 20
    public var seed: UInt64 = 1
    /// With fewer images read, uncertainty is not asked.
    public var leastRead = 200
    public var randomShare = 0.3
    public var uncertainShare = 0.4

    public init(strategy: Strategy, count: Int = 20, seed: UInt64 = 1) { (self.strategy, self.count, self.seed) = (strategy, count, seed) }

    /// - Parameters:
    ///   - candidates: Not read yet.
    ///   - read: How many images were read at the site.
    ///   - known: Features of images that were read.
    ///   - judge: Of boxes on images that were read; asked from `leastRead` on.
    /// - Returns: At most one image a patient, in the order in which they were picked.
    public func picks(from candidates: [ListCandidate], read: Int, known: [[Double]], judge: BoxJudge) -> [Pick] {
        var generator = SeededGenerator(seed: seed)
        var left = candidates.sorted { $0.id < $1.id }
        left.shuffle(using: &generator)
        var picks: [Pick] = []
        var centres = known
        func take(_ index: Int, _ reason: Reason) {
            let taken = left.remove(at: index)
            picks.append(Pick(id: taken.id, reason: reason))
            centres.append(taken.features)
            left.removeAll { $0.patient == taken.patient }
        }
        // The order is one of chance already.
        func draw(_ count: Int) { for _ in 0..<count where !left.isEmpty { take(0, .random) } }
        guard strategy == .mixed else {
            draw(count)
            return picks
        }
        guard read >= leastRead else {
            draw((count + 1) / 2)
            for index in Self.spread(left, count: count - picks.count, using: &generator) {
                guard let place = left.firstIndex(where: { $0.id == index }) else { continue }
                take(place, .spread)
            }
            draw(count - picks.count)
            return picks
        }
        draw(Int((Double(count) * randomShare).rounded()))
        for _ in 0..<Int((Double(count) * uncertainShare).rounded()) where !left.isEmpty {
            let values = left.map(judge.uncertainty)
            if let best = values.indices.max(by: { (values[$0], $1) < (values[$1], $0) }) { take(best, .uncertain) }
        }
        // The farthest from all that is known or picked (k-centre: Sener and Savarese, ICLR 2018).
        while picks.count < count, !left.isEmpty {
            let distances = left.map { candidate in
                centres.map { Statistics.squaredDistance($0, candidate.features) }.min() ?? .infinity
            }
            if let farthest = distances.indices.max(by: { (distances[$0], $1) < (distances[$1], $0) }) { take(farthest, .different) }
        }
        return picks
    }

    /// The candidates nearest to the centres of k-means (k-means++ of Arthur and Vassilvitskii, 2007; ten rounds).
    private static func spread(_ candidates: [ListCandidate], count: Int, using generator: inout SeededGenerator) -> [String] {
        guard count > 0, let first = candidates.first else { return [] }
        var centres = [first.features]
        while centres.count < min(count, candidates.count) {
            let distances = candidates.map { candidate in
                centres.map { Statistics.squaredDistance($0, candidate.features) }.min() ?? 0
            }
            var place = Double.random(in: 0..<max(.leastNormalMagnitude, distances.reduce(0, +)), using: &generator)
            let next = distances.firstIndex { distance in
                place -= distance
                return place < 0
            }
            centres.append(candidates[next ?? candidates.count - 1].features)
        }
        for _ in 0..<10 {
            var (sums, counts) = (centres.map { $0.map { _ in 0.0 } }, centres.map { _ in 0 })
            for candidate in candidates {
                let nearest = nearest(candidate.features, centres)
                for index in candidate.features.indices { sums[nearest][index] += candidate.features[index] }
                counts[nearest] += 1
            }
            for index in centres.indices where counts[index] > 0 { centres[index] = sums[index].map { $0 / Double(counts[index]) } }
        }
        var taken: [String] = []
        for centre in centres {
            let free = candidates.filter { !taken.contains($0.id) }
            if let best = free.min(by: {
                Statistics.squaredDistance($0.features, centre) < Statistics.squaredDistance($1.features, centre)
            }) {
                taken.append(best.id)
            }
        }
        return taken
    }

    private static func nearest(_ features: [Double], _ centres: [[Double]]) -> Int {
        centres.indices.min { Statistics.squaredDistance(centres[$0], features) < Statistics.squaredDistance(centres[$1], features) } ?? 0
    }
}
