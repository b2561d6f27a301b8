import Basics

/// A site's own studies, as they came and as long as they took. What the model shows is in the file, or drawn by its accuracy.
public struct RecordedWorkload: Hashable, Sendable, TriageWorkload {
    package let recorded: [SimulatedStudy]
    package let findings: [String]
    /// One a finding where the file does not say what was shown.
    package let accuracies: [ModelAccuracy]?

    /// - Parameters:
    ///   - accuracies: Of each finding, by name, in any spelling; `nil` where the file itself says what the model shows.
    /// - Throws: `TriageError` of code `badSetting`: it is not said how the model does on a finding.
    public init(_ file: TimesFile, accuracy accuracies: ((String) -> ModelAccuracy?)? = nil) throws(TriageError) {
        recorded = file.studies
        findings = file.findings
        guard !file.hasFlags else {
            self.accuracies = nil
            return
        }
        var list: [ModelAccuracy] = []
        for name in file.findings {
            guard let accuracy = accuracies?(name), accuracy.isPossible else {
                throw TriageError(
                    .badSetting,
                    "\(name): the file has no column flagged, so the model's sensitivity and specificity are needed, 0 to 1 each")
            }
            list.append(accuracy)
        }
        self.accuracies = list
    }

    package var countedFrom: Double { -.infinity }
    package var isRandom: Bool { accuracies != nil }
    package var source: String { "file" }
    package var accuraciesByName: [String: ModelAccuracy] {
        Dictionary(zip(findings, accuracies ?? []), uniquingKeysWith: { first, _ in first })
    }
    package func expectedWait(_ staffing: Staffing) -> Double? { nil }

    /// From the first to the last arrival.
    package var offered: Double {
        guard let first = recorded.first, let last = recorded.last, last.arrival > first.arrival else { return 0 }
        return recorded.dropLast().reduce(0) { $0 + $1.reading } / (last.arrival - first.arrival)
    }

    package func studies(replication: Int, seed: UInt64) -> [SimulatedStudy] {
        guard let accuracies else { return recorded }
        var flags = ChanceStream.flags.generator(replication, seed: seed)
        return recorded.map { study in
            var study = study
            study.flagged = accuracies.flags(on: study.findings, &flags)
            return study
        }
    }
}
