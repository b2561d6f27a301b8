import Basics
import Foundation
import Models

/// How often the nearest cases are of the same finding: what decides whether similar cases are shown.
public enum Purity {
    /// One known box.
    public struct Example: Sendable {
        public var label: String
        public var patient: String
        public var fold: Int
        /// As `BoxFeatures` gives them.
        public var features: [Float]

        public init(label: String, patient: String, fold: Int, features: [Float]) {
            (self.label, self.patient, self.fold, self.features) = (label, patient, fold, features)
        }
    }

    /// Neighbours that are looked at.
    public static let neighbours = 5

    /// Each fold's boxes are looked up among those of the others, which alone make the whitening.
    /// - Returns: For each label, in its order of first coming: shown where the 95 percent interval of the purity, over patients, lies above
    ///   the label's share of the bank.
    public static func verdicts(_ examples: [Example], draws: Int = 1_000, seed: UInt64 = 1) -> [ModelCard.SimilarCases.Verdict] {
        var shares: [(example: Int, share: Double)] = []
        for fold in Set(examples.map(\.fold)).sorted() {
            let bank = examples.filter { $0.fold != fold }
            guard bank.count > neighbours else { continue }
            let whitening = Whitening(of: bank.map(\.features))
            let places = bank.map { whitening($0.features) }
            let asked = examples.indices.filter { examples[$0].fold == fold }
            shares += Concurrent.map(asked.count) { number in
                let example = examples[asked[number]]
                let place = whitening(example.features)
                let nearest = bank.indices.filter { bank[$0].patient != example.patient }
                    .map { ($0, CaseBank.distance(places[$0], place)) }.sorted { $0.1 < $1.1 }.prefix(neighbours)
                return (asked[number], Double(nearest.count { bank[$0.0].label == example.label }) / Double(max(1, nearest.count)))
            }
        }
        var labels: [String] = []
        for example in examples where !labels.contains(example.label) { labels.append(example.label) }
        return labels.map { label in
            let own = shares.filter { examples[$0.example].label == label }
            let prior = Double(examples.count { $0.label == label }) / Double(max(1, examples.count))
            let byPatient = Dictionary(grouping: own) { examples[$0.example].patient }.sorted { $0.key < $1.key }.map {
                $0.value.map(\.share)
            }
            let purity = own.reduce(0) { $0 + $1.share } / Double(max(1, own.count))
            let drawn = (0..<draws).map { draw -> Double in
                var generator = SeededGenerator(seed: seed, stream: UInt64(draw))
                var (sum, count) = (0.0, 0)
                for _ in byPatient.indices {
                    let patient = byPatient[Int(generator.uniform() * Double(byPatient.count))]
                    sum += patient.reduce(0, +)
                    count += patient.count
                }
                return count > 0 ? sum / Double(count) : 0
            }.sorted()
            let low = drawn.isEmpty ? 0 : drawn[min(drawn.count - 1, drawn.count / 40)]
            func rounded(_ value: Double) -> Double { (value * 1e4).rounded() / 1e4 }
            return ModelCard.SimilarCases.Verdict(
                finding: label, isShown: byPatient.count > 1 && low > prior, cases: own.count, purity: rounded(purity),
                prior: rounded(prior))
        }
    }
}
