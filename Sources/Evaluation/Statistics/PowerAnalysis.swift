/// How many patients would show a difference, from how much it varied from draw to draw of the patients at hand.
///
/// The standard error of a figure falls with the square root of the patients, so one bootstrap tells it for every number of them. The
/// figure is taken to be normal (Cohen, Statistical Power Analysis for the Behavioral Sciences, 1988; Obuchowski, Academic Radiology
/// 2000, for comparisons of readers and machines).
public struct PowerAnalysis: Hashable, Sendable {
    /// Standard deviation that a single patient would give, in the unit of the figure; positive.
    public let spread: Double

    /// - Parameters:
    ///   - standardError: Of the difference, as found with so many patients.
    /// - Returns: `nil` where there is no spread to reckon with.
    public init?(standardError: Double, patients: Int) {
        guard standardError > 0, standardError.isFinite, patients > 0 else { return nil }
        spread = standardError * Double(patients).squareRoot()
    }

    /// - Parameter variance: Of the paired difference between patients, where the figure is their mean.
    /// - Returns: `nil` where there is no variance to reckon with.
    public init?(variance: Double) {
        self.init(standardError: variance.squareRoot(), patients: 1)
    }

    /// Patients with whom a difference this large is found at this level with this probability.
    /// - Returns: `nil` for a difference of zero, or where more than there are integers for would be needed.
    public func patients(toShow difference: Double, power: Double = 0.8, level: Double = 0.05) -> Int? {
        guard difference != 0, difference.isFinite else { return nil }
        let reach = reach(power: power, level: level) * spread / abs(difference)
        let patients = (reach * reach).rounded(.up)
        return patients.isFinite ? Int(exactly: max(1, patients)) : nil
    }

    /// Probability with which a difference is found at this level among so many patients.
    public func power(toShow difference: Double, patients: Int, level: Double = 0.05) -> Double {
        guard patients > 0 else { return 0 }
        let distance = abs(difference) * Double(patients).squareRoot() / spread
        let needed = NormalDistribution.quantile(1 - level / 2)
        // The far tail too: a difference of zero is found with the probability of the level.
        return NormalDistribution.cumulative(distance - needed) + NormalDistribution.cumulative(-distance - needed)
    }

    /// The smallest difference that so many patients show.
    /// - Returns: `nil` for no patients.
    public func smallestDifference(patients: Int, power: Double = 0.8, level: Double = 0.05) -> Double? {
        patients > 0 ? reach(power: power, level: level) * spread / Double(patients).squareRoot() : nil
    }

    /// In standard errors.
    private func reach(power: Double, level: Double) -> Double {
        NormalDistribution.quantile(1 - level / 2) + NormalDistribution.quantile(power)
    }
}
