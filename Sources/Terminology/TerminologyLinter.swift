/// Something about a table of codes that somebody should look at.
public struct TerminologyProblem: Hashable, Sendable, CustomStringConvertible {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// A label without a published code, a concept without a code or a meaning, a scheme that is not known.
        case missing
        /// Two concepts with one code, one concept twice, one code twice.
        case doubled
        /// A code that cannot be one of its scheme, or does not fit its attribute.
        case malformed
        /// A code that nobody has looked up.
        case unsure
    }

    public var kind: Kind
    /// Which entry: its label or name.
    public var place: String
    public var reason: String

    public var description: String { "\(kind.rawValue): \(place): \(reason)" }
}

/// Looks through a table of codes.
public struct TerminologyLinter: Sendable {
    private let terminology: Terminology

    public init(_ terminology: Terminology = .standard) { self.terminology = terminology }

    /// - Parameter labels: Those of a label map; each should have a published code.
    /// - Returns: In the order of the table, the labels first.
    public func problems(labels: [String] = []) -> [TerminologyProblem] {
        labels.flatMap(problem(label:)) + names() + entries() + shared()
    }

    private func problem(label: String) -> [TerminologyProblem] {
        let concept = terminology.finding(label)
        if !concept.isKnown { return [.init(kind: .missing, place: label, reason: "the label is not in the table: it has a local code")] }
        if concept.entries.allSatisfy({ $0.code.scheme == CodingScheme.local || $0.match != .exact }) {
            return [.init(kind: .missing, place: label, reason: "the label has no published code of its own")]
        }
        return []
    }

    private var all: [(name: String, codes: [CodedEntry])] {
        terminology.findings.map { ($0.label, $0.entries) } + terminology.sites.map { ($0.name, $0.codes) }
            + terminology.lateralities.map { ($0.name, $0.codes) } + terminology.concepts.map { ($0.name, $0.codes) }
    }

    /// Concepts that are twice in their list, or not at all.
    private func names() -> [TerminologyProblem] {
        var problems: [TerminologyProblem] = []
        func once(_ names: [String], _ what: String) {
            var seen: Set<String> = []
            for name in names where !seen.insert(Terminology.key(name)).inserted {
                problems.append(.init(kind: .doubled, place: name, reason: "\(what) is there twice"))
            }
        }
        once(terminology.findings.flatMap { [$0.label] + $0.synonyms }, "the label or synonym")
        once(terminology.sites.map(\.name), "the site")
        once(terminology.lateralities.map(\.name), "the side")
        once(terminology.concepts.map(\.name), "the concept")
        once(terminology.schemes.map(\.designator), "the scheme")
        for name in ConceptName.allCases where terminology.codes(name).isEmpty {
            problems.append(.init(kind: .missing, place: name.rawValue, reason: "the concept has no code"))
        }
        return problems
    }

    private func entries() -> [TerminologyProblem] {
        all.flatMap { name, codes in
            codes.flatMap { entry -> [TerminologyProblem] in
                var problems: [TerminologyProblem] = []
                let shown = "\(entry.code.value) of \(entry.code.scheme)"
                if entry.code.meaning.isEmpty {
                    problems.append(.init(kind: .missing, place: name, reason: "\(shown) has no meaning"))
                } else if let fault = entry.code.fault {
                    problems.append(.init(kind: .malformed, place: name, reason: "\(shown): \(fault)"))
                }
                if terminology.scheme(entry.code.scheme) == nil {
                    problems.append(.init(kind: .missing, place: name, reason: "the scheme of \(shown) is not known"))
                }
                if entry.certainty == .unconfirmed {
                    problems.append(.init(kind: .unsure, place: name, reason: "\(shown) is from: \(entry.source)"))
                }
                return problems
            }
        }
    }

    /// Codes of two concepts, and two meanings of one code.
    private func shared() -> [TerminologyProblem] {
        var problems: [TerminologyProblem] = []
        var owners: [String: String] = [:]
        var meanings: [String: String] = [:]
        for (name, codes) in all {
            var own: Set<String> = []
            for entry in codes {
                let key = entry.code.scheme + " " + entry.code.value
                if !own.insert(key).inserted {
                    problems.append(.init(kind: .doubled, place: name, reason: "\(key) is there twice"))
                } else if entry.match == .exact, let owner = owners.updateValue(name, forKey: key) {
                    problems.append(.init(kind: .doubled, place: name, reason: "\(key) is the code of \(owner), too"))
                }
                if let meaning = meanings.updateValue(entry.code.meaning, forKey: key), meaning != entry.code.meaning {
                    problems.append(.init(kind: .doubled, place: name, reason: "\(key) means \(meaning) elsewhere"))
                }
            }
        }
        return problems
    }
}
