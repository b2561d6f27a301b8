/// Two models on the same images: how much better the second is, and whether that may be chance.
public struct PairedComparison: Codable, Hashable, Sendable {
    public var first: ConfidenceInterval
    public var second: ConfidenceInterval
    /// Second less first, drawn in pairs: images that are hard for both do not widen it.
    public var difference: ConfidenceInterval
    /// Two-sided, of no difference; see `BootstrapDistribution.pValue`.
    public var pValue: Double?
    /// Of the difference.
    public var standardError: Double?
    /// Patients drawn from.
    public var patients: Int

    private enum CodingKeys: String, CodingKey {
        case first, second, difference, patients
        case pValue = "p_value"
        case standardError = "standard_error"
    }

    /// How many patients would show a difference; `nil` where the spread is not known or there is none.
    public var powerAnalysis: PowerAnalysis? {
        standardError.flatMap { PowerAnalysis(standardError: $0, patients: patients) }
    }
}

extension PatientBootstrap {
    /// Compares two models in several figures, in one pass over the draws.
    /// - Parameters:
    ///   - first: The figures of one model with these multiplicities. Called on several threads.
    ///   - second: The same figures of the other model, on the same images.
    /// - Returns: One comparison a figure; `nil` where either model has none.
    public func compare(
        level: Double = 0.95, _ first: @Sendable ([Int]) -> [Double?], _ second: @Sendable ([Int]) -> [Double?]
    ) -> [PairedComparison?] {
        let distributions = distributions { multiplicities in
            zip(first(multiplicities), second(multiplicities)).flatMap { one, other -> [Double?] in
                [one, other, one.flatMap { one in other.map { $0 - one } }]
            }
        }
        return stride(from: 0, to: distributions.count, by: 3).map { place in
            guard let one = distributions[place].interval(level: level), let other = distributions[place + 1].interval(level: level),
                let difference = distributions[place + 2].interval(level: level)
            else { return nil }
            return PairedComparison(
                first: one, second: other, difference: difference, pValue: distributions[place + 2].pValue,
                standardError: distributions[place + 2].standardError, patients: patientCount)
        }
    }

    /// Compares two models in one figure.
    public func compare(
        level: Double = 0.95, _ first: @Sendable ([Int]) -> Double?, _ second: @Sendable ([Int]) -> Double?
    ) -> PairedComparison? {
        compare(level: level, { [first($0)] }, { [second($0)] }).first ?? nil
    }
}
