import Basics

/// How often the model shows a finding that is there, and none where there is none; of each finding by itself, on whole studies.
public struct ModelAccuracy: Hashable, Sendable {
    /// The share of studies with the finding on which it is shown.
    public var sensitivity: Double
    /// The share of studies without it on which it is not shown.
    public var specificity: Double

    public init(sensitivity: Double, specificity: Double) {
        self.sensitivity = sensitivity
        self.specificity = specificity
    }

    /// A model that knows nothing shows a finding as often where there is none (or even more often).
    public var isChance: Bool { sensitivity + specificity <= 1 + 1e-9 }

    var isPossible: Bool { (0...1).contains(sensitivity) && (0...1).contains(specificity) }
}

extension [ModelAccuracy] {
    /// What is shown on a study, one accuracy a finding. One random number a finding, whatever is on the study.
    func flags(on findings: FindingSet, _ generator: inout SeededGenerator) -> FindingSet {
        var flags: FindingSet = []
        for (index, accuracy) in enumerated() {
            let chance = findings.has(index) ? accuracy.sensitivity : 1 - accuracy.specificity
            if generator.uniform() < chance { flags.insert(FindingSet(index: index)) }
        }
        return flags
    }
}
