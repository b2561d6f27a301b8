import Basics
import Explanations
import Foundation
import Models
import Testing

@Suite struct SimilarCasesTests {
    private func vectors(_ count: Int, _ length: Int, seed: UInt64) -> [[Float]] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in (0..<length).map { Float((generator.uniform() - 0.5) * Double($0 + 1)) } }
    }

    /// Whitened, vectors have mean 0, spread 1 and nothing in common between directions.
    @Test func whitenedVectorsHaveTheIdentityAsCovariance() {
        let vectors = vectors(40, 60, seed: 3)
        let whitening = Whitening(of: vectors, count: 6)
        #expect(whitening.directions.count == 6)
        let white = vectors.map { whitening($0) }
        for i in 0..<6 {
            #expect(abs(white.reduce(0) { $0 + $1[i] } / 40) < 1e-3)
            for j in 0..<6 {
                let covariance = white.reduce(0) { $0 + $1[i] * $1[j] } / 39
                #expect(abs(covariance - (i == j ? 1 : 0)) < 2e-2)
            }
        }
    }

    private var bank: CaseBank {
        let whitening = Whitening(mean: [0, 0], directions: [[1, 0], [0, 1]])
        let cases = [
            CaseBank.Case(image: "a", label: "Mass", vector: [1, 0]), CaseBank.Case(image: "b", label: "Mass", vector: [2, 0]),
            CaseBank.Case(image: "c", label: "Mass", vector: [3, 0]), CaseBank.Case(image: "d", label: "Mass", vector: [0, 0]),
            CaseBank.Case(image: "e", label: "Nodule", vector: [0, 5]), CaseBank.Case(image: "f", label: "Nodule", vector: [0, 4]),
            CaseBank.Case(image: "g", label: "Mass", isRejected: true, vector: [0.5, 0]),
        ]
        return CaseBank(whitening: whitening, cases: cases)
    }

    @Test func threeOfTheFindingOneOfAnotherAndOneRejectedAreShown() {
        let similar = bank.similar(to: [0, 0], label: "Mass", image: "d")
        #expect(similar.map(\.image) == ["a", "b", "c", "f", "g"])
        #expect(similar.map(\.isRejected) == [false, false, false, false, true])
        #expect(similar.map(\.distance) == [1, 2, 3, 4, 0.5])
        // Of six others one is nearer than the first.
        #expect(abs(similar[0].percentile - 5.0 / 6) < 1e-12)
    }

    @Test func aBankComesBackFromItsBytesAndADamagedOneDoesNot() throws {
        let bytes = try bank.bytes()
        #expect(try CaseBank(bytes: bytes) == bank)
        #expect(throws: ExplanationError(.bank, "")) { try CaseBank(bytes: bytes.dropLast()) }
        #expect(throws: ExplanationError(.bank, "")) { try CaseBank(bytes: Data("{}\n".utf8)) }
        #expect(throws: ExplanationError(.bank, "")) { try CaseBank(bytes: Data()) }
    }

    /// Findings that features tell apart are shown; one whose boxes lie anywhere is not.
    @Test func similarCasesAreShownWhereTheyBeatChance() throws {
        var generator = SeededGenerator(seed: 8)
        var examples: [Purity.Example] = []
        for number in 0..<240 {
            let label = ["Near", "Far", "Anywhere"][number % 3]
            let centre: Float = ["Near": 0, "Far": 20, "Anywhere": generator.uniform() < 0.5 ? 0 : 20][label] ?? 0
            let features = (0..<4).map { place in
                (place == 0 ? centre : 0) + Float(generator.uniform() - 0.5)
            }
            examples.append(Purity.Example(label: label, patient: "\(number / 2)", fold: number / 2 % 4, features: features))
        }
        let verdicts = Purity.verdicts(examples)
        #expect(verdicts.map(\.finding) == ["Near", "Far", "Anywhere"])
        #expect(verdicts.map(\.isShown) == [true, true, false])
        #expect(verdicts.allSatisfy { abs($0.prior - 1.0 / 3) < 1e-3 && $0.cases == 80 })
        #expect(verdicts[0].purity > 0.5 && verdicts[2].purity < 0.45)
    }
}
