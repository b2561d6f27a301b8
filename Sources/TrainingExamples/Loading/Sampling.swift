import Foundation

/// Which pictures a batch is drawn from, and how often.
public struct Sampling: Codable, Hashable, Sendable {
    /// Share of the pictures seen on which nothing is found. Where there are none, others take their place.
    public var normalShare = 0.1875
    /// Share of the pictures seen of which only whole-image findings are known.
    public var labelledShare = 0.0
    /// How far rare findings are evened out: 0 shows every picture with findings equally often; 1 shows every finding equally often, as
    /// far as pictures with several allow. A picture is shown in proportion to the largest of its findings' frequencies to the power of
    /// minus this, as in the repeat factor of Gupta 2019 (LVIS, arXiv:1908.03195), where it is one half.
    public var classBalance = 0.0
    /// Whether the sources of a dataset are shown in proportion to a root of their sizes, so that a large one does not drown a
    /// small one; else each picture as often. A picture of several sources counts for the smallest. Sources that are called alike up to a
    /// colon count as one.
    public var bySource = false
    /// How far sources are evened out then: 0.5 shows them in proportion to the square roots of their sizes, 1 shows each as often.
    public var sourceBalance = 0.5

    public init() {}

    public init(normalShare: Double, labelledShare: Double = 0, classBalance: Double = 0, bySource: Bool = false) {
        self.bySource = bySource
        self.normalShare = normalShare
        self.labelledShare = labelledShare
        self.classBalance = classBalance
    }

    /// What is wrong with the numbers; `nil` where nothing is.
    public var fault: String? {
        let own = SettingRange.first(
            SettingRange.fault("sampling.normal_share", normalShare, 0...1),
            SettingRange.fault("sampling.labelled_share", labelledShare, 0...1),
            SettingRange.fault("sampling.class_balance", classBalance, 0...4),
            SettingRange.fault("sampling.source_balance", sourceBalance, 0...1))
        if let own { return own }
        let sum = normalShare + labelledShare
        return sum <= 1
            ? nil : "sampling.normal_share and sampling.labelled_share add up to \(sum); they are shares of the whole, at most 1"
    }

    /// How often each picture is drawn in relation to the others.
    /// - Parameter findings: For each picture the columns of its findings; a picture with none counts as a finding of its own.
    /// - Parameter sources: For each picture the names of its sources; empty where the dataset has none.
    /// - Returns: Positive weights; `nil` where all are equal.
    package func weights(_ findings: [Set<Int>], sources: [[String]] = []) -> [Double]? {
        let ofFindings = classBalance > 0 ? balancing(findings) : nil
        let ofSources = bySource && sources.count == findings.count ? balancing(sources) : nil
        guard let ofFindings, let ofSources else { return ofFindings ?? ofSources }
        return zip(ofFindings, ofSources).map { $0 * $1 }
    }

    /// One over a root of the size of each picture's smallest source: by the square root, a source of n pictures is shown n / √n times as often
    /// as one of one picture.
    private func balancing(_ sources: [[String]]) -> [Double]? {
        let sources = sources.map { names in
            names.isEmpty ? [""] : names.map { String($0.prefix { $0 != ":" }) }
        }
        let counts = Dictionary(sources.joined().map { ($0, 1) }, uniquingKeysWith: +)
        let weights = sources.map { names in pow(Double(names.map { counts[$0] ?? 1 }.min() ?? 1), -sourceBalance) }
        return weights.allSatisfy { $0 == weights.first } ? nil : weights
    }

    private func balancing(_ findings: [Set<Int>]) -> [Double]? {
        var counts: [Int: Int] = [:]
        let findings = findings.map { $0.isEmpty ? [-1] : $0 }
        for column in findings.joined() { counts[column, default: 0] += 1 }
        // The frequencies' common denominator makes no difference.
        let weights = findings.map { columns in
            columns.map { pow(Double(counts[$0] ?? 1), -classBalance) }.max() ?? 1
        }
        guard let first = weights.first, weights.contains(where: { abs($0 - first) > 1e-12 * first }) else { return nil }
        return weights
    }
}
