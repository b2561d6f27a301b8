/// How well marks find nodules, by the rules of LUNA16: each nodule has the score of its highest mark, further marks on it count
/// nothing, marks on
/// irrelevant findings count nothing, all others are false. The curve joins its points by straight lines, from (0, 0).
public struct NoduleEvaluation: Sendable {
    /// A point of the curve.
    public struct Point: Hashable, Sendable, Codable {
        /// False marks a scan.
        public var falseMarks: Double
        public var sensitivity: Double
        /// The lowest score that is taken; `nil` of the first, where none is.
        public var score: Double?
    }

    /// A nodule that was found at a score, or a false mark.
    private struct Event {
        var score: Double
        var scan: Int
        var isNodule: Bool
    }

    /// By falling score.
    private let events: [Event]
    private let noduleCounts: [Int]
    private let names: [String]
    /// Marks on irrelevant findings, and those on a nodule beside its highest.
    public let ignoredMarks: Int
    public let nodules: Int
    /// Nodules that some mark hits.
    public let found: Int
    public let falseMarks: Int
    public var scans: Int { names.count }

    /// - Parameter mostMarks: LUNA16 looks at the 100 highest of a scan; `nil` looks at all.
    /// - Throws: `EvaluationError` of code `badScore` where a score or a place is not finite.
    public init(_ scans: [NoduleScan], mostMarks: Int? = 100) throws {
        var events: [Event] = []
        var ignored = 0
        for (number, scan) in scans.enumerated() {
            guard scan.marks.allSatisfy({ $0.score.isFinite && $0.place.x.isFinite && $0.place.y.isFinite && $0.place.z.isFinite }) else {
                throw EvaluationError(.badScore, "scan \(number + 1): a mark whose score or place is not finite")
            }
            let marks = scan.counted(most: mostMarks)
            var isUsed = [Bool](repeating: false, count: marks.count)
            var hits = 0
            for nodule in scan.nodules {
                var highest: Double?
                for (index, mark) in marks.enumerated() where nodule.isHit(by: mark) {
                    highest = max(highest ?? mark.score, mark.score)
                    isUsed[index] = true
                }
                if let highest {
                    events.append(Event(score: highest, scan: number, isNodule: true))
                    hits += 1
                }
            }
            for finding in scan.irrelevant {
                for (index, mark) in marks.enumerated() where finding.isHit(by: mark) { isUsed[index] = true }
            }
            for (index, mark) in marks.enumerated() where !isUsed[index] {
                events.append(Event(score: mark.score, scan: number, isNodule: false))
            }
            ignored += max(0, isUsed.filter { $0 }.count - hits)
        }
        self.events = events.enumerated().sorted { ($1.element.score, $0.offset) < ($0.element.score, $1.offset) }.map(\.element)
        noduleCounts = scans.map(\.nodules.count)
        names = scans.map(\.name)
        ignoredMarks = ignored
        nodules = noduleCounts.reduce(0, +)
        found = events.filter(\.isNodule).count
        falseMarks = events.count - found
    }

    /// The whole curve, one point a score.
    public var points: [Point] { points(Array(repeating: 1, count: scans)) }

    private func points(_ weights: [Int]) -> [Point] {
        let scans = Double(weights.reduce(0, +))
        let nodules = Double(zip(weights, noduleCounts).reduce(0) { $0 + $1.0 * $1.1 })
        var points = [Point(falseMarks: 0, sensitivity: 0)]
        guard scans > 0, nodules > 0 else { return points }
        var (hits, misses) = (0, 0)
        for (index, event) in events.enumerated() {
            let weight = weights[event.scan]
            if event.isNodule { hits += weight } else { misses += weight }
            // Equal scores are taken together.
            guard index + 1 == events.count || events[index + 1].score != event.score else { continue }
            points.append(Point(falseMarks: Double(misses) / scans, sensitivity: Double(hits) / nodules, score: event.score))
        }
        return points
    }

    /// Sensitivities at numbers of false marks a scan, between points by a straight line, beyond the last that of the last.
    public func sensitivities(at rates: [Double] = FROC.luna16Rates) -> [Double] {
        Self.sensitivities(points, at: rates)
    }

    private static func sensitivities(_ points: [Point], at rates: [Double]) -> [Double] {
        rates.map { rate in
            guard let last = points.lastIndex(where: { $0.falseMarks <= rate }) else { return 0 }
            guard last + 1 < points.count else { return points[last].sensitivity }
            let (low, high) = (points[last], points[last + 1])
            return low.sensitivity + (high.sensitivity - low.sensitivity) * (rate - low.falseMarks) / (high.falseMarks - low.falseMarks)
        }
    }

    /// LUNA16's competition performance metric: the mean sensitivity at 1/8, 1/4, 1/2, 1, 2, 4 and 8 false marks a scan.
    public var score: Double { Self.mean(sensitivities()) }

    private static func mean(_ values: [Double]) -> Double { values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count) }

    /// The figures with intervals, from draws of whole scans with replacement.
    public struct Intervals: Hashable, Sendable, Codable {
        public var score: ConfidenceInterval?
        /// One a rate.
        public var sensitivities: [ConfidenceInterval?]
    }

    /// - Parameters:
    ///   - draws: LUNA16 has 1,000.
    ///   - level: Share of the draws inside.
    public func intervals(
        at rates: [Double] = FROC.luna16Rates, draws: Int = 1_000, seed: UInt64 = 1, level: Double = 0.95
    ) -> Intervals {
        let found = PatientBootstrap(patients: names, draws: draws, seed: seed).intervals(level: level) { weights in
            // A draw without a nodule has no sensitivity.
            guard zip(weights, noduleCounts).contains(where: { $0 > 0 && $1 > 0 }) else { return [nil] + rates.map { _ in nil } }
            let curve = points(weights)
            return [Self.mean(Self.sensitivities(curve, at: FROC.luna16Rates))] + Self.sensitivities(curve, at: rates)
        }
        return Intervals(score: found.first ?? nil, sensitivities: Array(found.dropFirst()))
    }
}
