import Evaluation
import Foundation

/// How well nodules were found and measured, by the rules of LUNA16. `pleura evaluate --ct --json` is this.
public struct NoduleReport: Codable, Hashable, Sendable {
    public var schema = 1
    public var notice = "research use only, not a diagnosis"
    public var scans: Int
    public var nodules: Int
    /// Nodules that some mark hits, whatever its score.
    public var found: Int
    public var falseMarks: Int
    /// Marks on irrelevant findings, and those on a nodule beside its highest.
    public var ignoredMarks: Int
    /// LUNA16's competition performance metric.
    public var cpm: ConfidenceInterval?
    /// Sensitivity at 1/8 to 8 false marks a scan.
    public var froc: [Rate]
    /// At the model's threshold.
    public var operating: Operating?
    /// Sensitivity of parts of the nodules at the threshold.
    public var parts: [Part]
    /// Of nodules whose size is known.
    public var sizes: [Sizes]
    /// Scans that could not be read, with the reason.
    public var failed: [String]

    private enum CodingKeys: String, CodingKey {
        case schema, notice, scans, nodules, found, cpm, froc, operating, parts, sizes, failed
        case falseMarks = "false_marks"
        case ignoredMarks = "ignored_marks"
    }

    public struct Rate: Codable, Hashable, Sendable {
        /// A scan.
        public var falseMarks: Double
        public var sensitivity: ConfidenceInterval

        private enum CodingKeys: String, CodingKey {
            case sensitivity
            case falseMarks = "false_marks"
        }
    }

    public struct Operating: Codable, Hashable, Sendable {
        public var threshold: Double
        public var sensitivity: Double
        /// A scan.
        public var falseMarks: Double

        private enum CodingKeys: String, CodingKey {
            case threshold, sensitivity
            case falseMarks = "false_marks"
        }
    }

    public struct Part: Codable, Hashable, Sendable {
        public var name: String
        public var nodules: Int
        public var found: Int
        /// At one false mark a scan.
        public var foundAtOne: Int

        private enum CodingKeys: String, CodingKey {
            case name, nodules, found
            case foundAtOne = "found_at_one_false_mark"
        }
    }

    /// Errors of what was measured, of nodules that were found at the threshold.
    public struct Sizes: Codable, Hashable, Sendable {
        public var name: String
        public var nodules: Int
        /// Millimetres, measured less true: median, 5 and 95 in 100, and the mean of the sizes of the errors.
        public var diameter: Errors
        /// Shares of the true volume.
        public var volume: Errors
        /// Share of the nodules within 0.7 mm, and within 15 in 100 of the volume.
        public var diameterWithin: Double
        public var volumeWithin: Double

        private enum CodingKeys: String, CodingKey {
            case name, nodules, diameter, volume
            case diameterWithin = "diameter_within_0_7_mm"
            case volumeWithin = "volume_within_15_percent"
        }
    }

    public struct Errors: Codable, Hashable, Sendable {
        public var median: Double
        public var low: Double
        public var high: Double
        public var meanSize: Double

        private enum CodingKeys: String, CodingKey {
            case median, low, high
            case meanSize = "mean_absolute"
        }

        init?(_ values: [Double]) {
            guard !values.isEmpty else { return nil }
            let sorted = values.sorted()
            func at(_ share: Double) -> Double { sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))] }
            (median, low, high) = (at(0.5), at(0.05), at(0.95))
            meanSize = values.reduce(0) { $0 + abs($1) } / Double(values.count)
        }
    }

    /// Of lists alone.
    /// - Throws: `EvaluationError`.
    public init(_ scans: [NoduleScan], draws: Int, seed: UInt64) throws {
        let evaluation = try NoduleEvaluation(scans)
        (self.scans, nodules, found) = (scans.count, evaluation.nodules, evaluation.found)
        (falseMarks, ignoredMarks) = (evaluation.falseMarks, evaluation.ignoredMarks)
        let plain = evaluation.sensitivities()
        if draws > 0, evaluation.nodules > 0 {
            let intervals = evaluation.intervals(draws: draws, seed: seed)
            cpm = intervals.score
            froc = zip(FROC.luna16Rates, zip(plain, intervals.sensitivities)).map {
                Rate(falseMarks: $0, sensitivity: $1.1 ?? ConfidenceInterval(value: $1.0))
            }
        } else {
            cpm = evaluation.nodules > 0 ? ConfidenceInterval(value: evaluation.score) : nil
            froc = zip(FROC.luna16Rates, plain).map { Rate(falseMarks: $0, sensitivity: ConfidenceInterval(value: $1)) }
        }
        (operating, parts, sizes, failed) = (nil, [], [], [])
    }

    public var text: String {
        func percent(_ value: Double) -> String { String(format: "%.3f", value) }
        func interval(_ value: ConfidenceInterval) -> String {
            guard let low = value.low, let high = value.high else { return percent(value.value) }
            return "\(percent(value.value)) (\(percent(low)) to \(percent(high)))"
        }
        var lines = [
            "\(scans) scans, \(nodules) nodules: \(found) hit by some mark, \(falseMarks) false marks, \(ignoredMarks) not counted"
        ]
        if let cpm { lines.append("CPM (LUNA16)  \(interval(cpm))") }
        for rate in froc {
            lines.append("sensitivity at \(String(format: "%5.3f", rate.falseMarks)) false marks a scan  \(interval(rate.sensitivity))")
        }
        if let operating {
            lines.append(
                "at the threshold \(String(format: "%.3f", operating.threshold)): sensitivity \(percent(operating.sensitivity)), "
                    + "\(String(format: "%.2f", operating.falseMarks)) false marks a scan")
        }
        for part in parts {
            lines.append("\(part.name): \(part.found) of \(part.nodules) at the threshold, \(part.foundAtOne) at one false mark a scan")
        }
        for sizes in sizes {
            func errors(_ errors: Errors, _ format: String) -> String {
                String(format: "median \(format), 5 to 95 in 100 \(format) to \(format)", errors.median, errors.low, errors.high)
            }
            lines.append(
                "\(sizes.name), \(sizes.nodules) measured: diameter \(errors(sizes.diameter, "%+.1f")) mm, within 0.7 mm "
                    + "\(percent(sizes.diameterWithin)); volume \(errors(sizes.volume, "%+.2f")), within 15 percent \(percent(sizes.volumeWithin))"
            )
        }
        lines += failed.map { "failed: \($0)" }
        return lines.joined(separator: "\n") + "\n"
    }
}
