/// How long a study of each class may wait before it is due, in minutes from its arrival: the whole policy of a worklist, as a site sets it.
///
/// A table of times says what a ranking cannot: what a pneumothorax is worth in other people's waiting. The numbers below are a beginning;
/// `pleura triage simulate` shows on a site's own times what a choice gains and what it costs.
public struct Allowances: Hashable, Sendable {
    /// By finding, as the label map names it.
    public let findings: [String: Double]
    /// A study with an image that the model failed on or refused. Before `nothingSeen`, always: nobody knows what is on it.
    public let failed: Double
    /// A study that the model has not read yet.
    public let waiting: Double
    /// The normal time of service.
    public let nothingSeen: Double
    /// A finding that `findings` does not name.
    public let other: Double
    /// A study that a person wants at once.
    public let stat: Double

    /// `findings` by `WorklistClass.folded`.
    private let byFoldedName: [String: Double]

    /// Minutes: 0 to 30 days.
    public static let limits = 0.0...43_200.0
    /// A table of more findings than this is a mistake.
    private static let mostFindings = 1000
    private static let longestName = 200

    /// A pneumothorax within ten minutes, what an emergency department acts on within an hour, other findings within two hours, the rest
    /// within the four hours that are a usual time of service. Chosen, not measured.
    public static let standard = Allowances(
        trusted: [
            "Pneumothorax": 10, "Consolidation": 60, "Pneumonia": 60, "Effusion": 60, "Pleural effusion": 60, "Edema": 60,
        ],
        failed: 30, waiting: 30, nothingSeen: 240, other: 120, stat: 0)

    /// - Throws: `TriageError` of code `badAllowance`: a time outside `limits`, a failed study after one in which nothing was seen, a waiting
    ///   one likewise, a finding twice, or one without a name or with the name of a class.
    public init(
        findings: [String: Double], failed: Double = standard.failed, waiting: Double = standard.waiting,
        nothingSeen: Double = standard.nothingSeen, other: Double = standard.other, stat: Double = standard.stat
    ) throws(TriageError) {
        let classes = [
            WorklistClass.failed: failed, WorklistClass.waiting: waiting, WorklistClass.nothingSeen: nothingSeen,
            WorklistClass.other: other, WorklistClass.stat: stat,
        ]
        guard findings.count <= Self.mostFindings else {
            throw TriageError(.badAllowance, "there can be \(Self.mostFindings) findings at most")
        }
        for (name, minutes) in findings.merging(classes, uniquingKeysWith: { first, _ in first }).sorted(by: { $0.key < $1.key }) {
            guard Self.limits.contains(minutes) else {
                throw TriageError(.badAllowance, "\(name.prefix(Self.longestName)): minutes are 0 to 43200 (30 days)")
            }
        }
        guard failed < nothingSeen else {
            throw TriageError(
                .badAllowance, "failed must be shorter than nothing_seen: nobody knows what is on an image that the model could not read")
        }
        guard waiting <= nothingSeen else {
            throw TriageError(.badAllowance, "waiting must not be longer than nothing_seen: a study not read yet can hold anything")
        }
        var folded: Set<String> = Set(WorklistClass.all.map(WorklistClass.folded))
        for name in findings.keys.sorted() {
            let key = WorklistClass.folded(name)
            guard !key.isEmpty, name.count <= Self.longestName else {
                throw TriageError(.badAllowance, "a finding's name has 1 to \(Self.longestName) characters")
            }
            guard folded.insert(key).inserted else { throw TriageError(.badAllowance, "\(name) is there twice") }
        }
        self.init(trusted: findings, failed: failed, waiting: waiting, nothingSeen: nothingSeen, other: other, stat: stat)
    }

    private init(trusted findings: [String: Double], failed: Double, waiting: Double, nothingSeen: Double, other: Double, stat: Double) {
        self.findings = findings
        self.failed = failed
        self.waiting = waiting
        self.nothingSeen = nothingSeen
        self.other = other
        self.stat = stat
        byFoldedName = Dictionary(findings.map { (WorklistClass.folded($0), $1) }, uniquingKeysWith: min)
    }

    /// Minutes of a finding, whatever its spelling; `other` where it has none of its own.
    public func minutes(ofFinding name: String) -> Double { byFoldedName[WorklistClass.folded(name)] ?? other }

    /// Whether the table names this finding.
    public func hasOwnMinutes(ofFinding name: String) -> Bool { byFoldedName[WorklistClass.folded(name)] != nil }

    /// Minutes of a class: one of `WorklistClass` or a finding.
    public func minutes(of name: String) -> Double {
        switch name {
        case WorklistClass.stat: stat
        case WorklistClass.failed: failed
        case WorklistClass.waiting: waiting
        case WorklistClass.other: other
        case WorklistClass.nothingSeen: nothingSeen
        default: minutes(ofFinding: name)
        }
    }

    /// The longest that any study may have.
    public var longest: Double { max(findings.values.max() ?? 0, failed, waiting, nothingSeen, other, stat) }

    /// The same with some classes' minutes set anew, each a finding or one of `WorklistClass`.
    /// - Throws: `TriageError` of code `badAllowance`, as `init`.
    public func setting(_ minutes: [String: Double]) throws(TriageError) -> Allowances {
        var (findings, classes) = (self.findings, [String: Double]())
        for (name, value) in minutes.sorted(by: { $0.key < $1.key }) {
            let key = WorklistClass.folded(name)
            if let known = WorklistClass.all.first(where: { WorklistClass.folded($0) == key }) {
                classes[known] = value
            } else {
                findings[findings.keys.first { WorklistClass.folded($0) == key } ?? name] = value
            }
        }
        return try Allowances(
            findings: findings, failed: classes[WorklistClass.failed] ?? failed, waiting: classes[WorklistClass.waiting] ?? waiting,
            nothingSeen: classes[WorklistClass.nothingSeen] ?? nothingSeen, other: classes[WorklistClass.other] ?? other,
            stat: classes[WorklistClass.stat] ?? stat)
    }
}
