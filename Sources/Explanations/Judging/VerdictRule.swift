import Basics
import Foundation
import Models

/// When a map may be shown: it beats the Gaussian on the box, it changes when the weights are made random, and it comes out alike twice.
public struct VerdictRule: Hashable, Sendable {
    /// Detections of different patients that a verdict needs.
    public var leastDetections = 20
    /// Two-sided, of no difference from the control.
    public var significance = 0.05
    /// Median rank correlation of two halves.
    public var leastRepeatability = 0.5
    /// Median rank correlation with another fill.
    public var leastOtherFill = 0.5
    public var draws = 2_000
    public var seed: UInt64 = 1

    public init() {}

    /// - Parameters:
    ///   - baseline: The mean structural similarity over random pairs of the model's own maps (Arun et al., 2021); `nil` where there are too few.
    ///   - split: Which images were measured.
    public func verdict(
        finding: String, map: ExplanationMap.Kind, _ measured: [MapMeasurement], baseline: Double?, split: String
    ) -> ModelCard.ExplanationVerdict {
        var verdict = ModelCard.ExplanationVerdict(
            finding: finding, map: map.rawValue, isShown: false, detections: measured.count, split: split)
        guard !measured.isEmpty else {
            verdict.reason = "there is no detection of it to test the map on"
            return verdict
        }
        verdict.insertionMinusDeletion = Self.rounded(Self.mean(measured.map(\.insertionMinusDeletion)))
        verdict.control = Self.rounded(Self.mean(measured.map(\.control)))
        let differences = Self.byPatient(measured)
        let drawn = Self.bootstrap(differences, draws: draws, seed: seed)
        verdict.difference = Self.rounded(Self.mean(differences.flatMap { $0 }))
        verdict.differenceLow = Self.rounded(Self.quantile(drawn, 0.025))
        verdict.differenceHigh = Self.rounded(Self.quantile(drawn, 0.975))
        // One draw is added to either side, so that it is never zero.
        let rarer = min(drawn.count { $0 <= 0 }, drawn.count { $0 >= 0 })
        let pValue = drawn.isEmpty ? 1 : min(1, 2 * Double(rarer + 1) / Double(drawn.count + 1))
        verdict.pValue = Self.rounded(pValue)
        verdict.repeatability = Self.rounded(Self.median(measured.map(\.repeatability)))
        let fills = measured.compactMap(\.otherFill)
        verdict.otherFill = fills.isEmpty ? nil : Self.rounded(Self.median(fills))
        let similar = measured.compactMap { $0.randomised?.last }
        verdict.randomisedSimilarity = similar.isEmpty ? nil : Self.rounded(Self.mean(similar))
        verdict.baselineSimilarity = baseline.map(Self.rounded)
        verdict.reason = reason(verdict, pValue: pValue, baseline: baseline)
        verdict.isShown = verdict.reason == nil
        return verdict
    }

    /// The first test that it fails.
    private func reason(_ verdict: ModelCard.ExplanationVerdict, pValue: Double, baseline: Double?) -> String? {
        func text(_ value: Double?) -> String { value.map { String(format: "%.2f", $0) } ?? "none" }
        if verdict.detections < leastDetections {
            return "only \(verdict.detections) detections of it could be tested; \(leastDetections) are needed"
        }
        if !((verdict.difference ?? 0) > 0 && pValue < significance) {
            return "it does not beat a Gaussian drawn on the box (\(text(verdict.insertionMinusDeletion)) against \(text(verdict.control)))"
        }
        guard let similar = verdict.randomisedSimilarity, let baseline else {
            return "it was not compared with the map of a network of random weights"
        }
        if similar >= baseline {
            return "a network of random weights gives much the same map (similarity \(text(similar)), limit \(text(baseline)))"
        }
        if (verdict.repeatability ?? 0) < leastRepeatability {
            return "the maps of two halves of the runs do not agree (rank correlation \(text(verdict.repeatability)))"
        }
        if let fill = verdict.otherFill, fill < leastOtherFill {
            return "another fill of the hidden parts gives another map (rank correlation \(text(fill)))"
        }
        return nil
    }

    /// Arun's baseline: the mean structural similarity of random pairs of maps of different detections.
    public static func baseline(_ maps: [ExplanationMap], pairs: Int = 50, seed: UInt64 = 1) -> Double? {
        guard maps.count > 1 else { return nil }
        var generator = SeededGenerator(seed: seed)
        var sum = 0.0
        for _ in 0..<pairs {
            let first = Int(generator.uniform() * Double(maps.count))
            let other = (first + 1 + Int(generator.uniform() * Double(maps.count - 1))) % maps.count
            let (one, two) = (maps[first], maps[other])
            // Maps of images of another shape are drawn on the same square.
            sum += StructuralSimilarity.of(one.square(comparisonSide), two.square(comparisonSide))
        }
        return sum / Double(pairs)
    }

    /// Cells on a side of maps that are compared.
    public static let comparisonSide = 64

    private static func byPatient(_ measured: [MapMeasurement]) -> [[Double]] {
        var order: [String] = []
        var differences: [String: [Double]] = [:]
        for one in measured {
            if differences[one.patient] == nil { order.append(one.patient) }
            differences[one.patient, default: []].append(one.insertionMinusDeletion - one.control)
        }
        return order.compactMap { differences[$0] }
    }

    /// Sorted means of draws of patients with replacement.
    private static func bootstrap(_ differences: [[Double]], draws: Int, seed: UInt64) -> [Double] {
        guard differences.count > 1 else { return [] }
        return (0..<draws).map { draw in
            var generator = SeededGenerator(seed: seed, stream: UInt64(draw))
            var (sum, count) = (0.0, 0)
            for _ in differences.indices {
                let drawn = differences[Int(generator.uniform() * Double(differences.count))]
                sum += drawn.reduce(0, +)
                count += drawn.count
            }
            return sum / Double(count)
        }.sorted()
    }

    private static func quantile(_ sorted: [Double], _ share: Double) -> Double {
        guard let last = sorted.last else { return 0 }
        let place = share * Double(sorted.count - 1)
        let low = Int(place)
        return low + 1 < sorted.count ? sorted[low] + (place - Double(low)) * (sorted[low + 1] - sorted[low]) : last
    }

    private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }

    private static func median(_ values: [Double]) -> Double { quantile(values.sorted(), 0.5) }

    private static func rounded(_ value: Double) -> Double { (value * 1e4).rounded() / 1e4 }
}

extension ExplanationMap {
    /// The map drawn anew on a square, nearest cell by nearest cell, so that maps of images of any shape can be compared.
    public func square(_ side: Int) -> ExplanationMap {
        let small = reduced(to: max(side, 1))
        let values = (0..<side * side).map { place in
            small.values[place / side * small.height / side * small.width + place % side * small.width / side]
        }
        return ExplanationMap(kind: kind, width: side, height: side, values: values)
    }
}
