import Basics

/// The same studies read in several orders: same arrivals, same reading times, same flags, so that what differs is the order alone.
public struct TriageSimulation: Sendable {
    private let workload: any TriageWorkload
    public var staffing: Staffing
    public var allowances: Allowances
    /// Minutes, of a fourth order with the usual guard; `nil` for none.
    public var limit: Double?
    /// How often chance is drawn anew. A file that leaves nothing to chance is run once.
    public var replications: Int
    public var seed: UInt64

    /// - Throws: `TriageError` of codes `badSetting` and `tooMuch`.
    public init(
        _ workload: RatedWorkload, staffing: Staffing, allowances: Allowances = .standard, limit: Double? = nil, replications: Int = 20,
        seed: UInt64 = 1
    ) throws(TriageError) {
        let expected = workload.arrivalsPerHour * workload.hours * 1.2
        try self.init(any: workload, staffing, allowances, limit, replications, seed, studies: expected)
    }

    /// - Throws: `TriageError` of codes `badSetting` and `tooMuch`.
    public init(
        _ workload: RecordedWorkload, staffing: Staffing, allowances: Allowances = .standard, limit: Double? = nil, replications: Int = 20,
        seed: UInt64 = 1
    ) throws(TriageError) {
        try self.init(any: workload, staffing, allowances, limit, replications, seed, studies: Double(workload.recorded.count))
    }

    private init(
        any workload: any TriageWorkload, _ staffing: Staffing, _ allowances: Allowances, _ limit: Double?, _ replications: Int,
        _ seed: UInt64, studies: Double
    ) throws(TriageError) {
        guard (1...1000).contains(replications) else { throw TriageError(.badSetting, "there are 1 to 1000 replications") }
        if let limit, !Allowances.limits.contains(limit) { throw TriageError(.badSetting, "a limit of waiting is 0 to 43200 minutes") }
        self.workload = workload
        self.staffing = staffing
        self.allowances = allowances
        self.limit = limit
        self.replications = workload.isRandom ? replications : 1
        self.seed = seed
        guard studies * Double(self.replications) <= RatedWorkload.mostStudies else {
            throw TriageError(
                .tooMuch,
                "that is more than \(Int(RatedWorkload.mostStudies)) studies in \(replications) replications: fewer of them, or of hours, are enough"
            )
        }
    }

    /// First come is the first.
    package var disciplines: [Discipline] {
        [.firstCome, .scoreOrder] + (limit.map { [.limitedScoreOrder(minutes: $0)] } ?? []) + [.dueDate(allowances)]
    }

    /// One replication, of which each order has its times.
    package func sample(_ replication: Int) -> WaitingSample {
        let studies = workload.studies(replication: replication, seed: seed)
        let first = studies.firstIndex { $0.arrival >= workload.countedFrom } ?? studies.count
        let room = ReadingRoom(staffing: staffing)
        let waits = disciplines.map { discipline in
            let starts = room.read(studies, in: discipline, findings: workload.findings).starts
            return (first..<studies.count).map { starts[$0] - studies[$0].arrival }
        }
        return WaitingSample(studies: Array(studies[first...]), waits: waits)
    }

    /// Runs all replications.
    /// - Throws: `TriageError` of code `badSetting` where not one study came.
    public func run() throws(TriageError) -> TriageReport {
        let samples = Concurrent.map(replications, stretch: 1) { sample($0) }
        let studies = samples.reduce(0) { $0 + $1.studies.count }
        guard studies > 0 else { throw TriageError(.badSetting, "no study came: more hours, or more arrivals an hour, are needed") }
        let (disciplines, findings) = (disciplines, workload.findings)
        let groups = StudyGroup.of(findings)
        let isRandom = workload.isRandom
        let waitings = Concurrent.map(groups.count, stretch: 1) { place in
            let group = GroupWaiting(groups[place], in: samples, orders: disciplines.count)
            return disciplines.indices.map { group.waiting($0, findings: findings, isRandom: isRandom) }
        }
        let orders = disciplines.indices.map { order in
            let groups = waitings.compactMap { $0[order] }
            return TriageReport.Order(
                discipline: disciplines[order].key, title: disciplines[order].title, longestWait: groups.first?.maximum ?? 0, groups: groups
            )
        }
        func per100(_ holds: (SimulatedStudy) -> Bool) -> Double {
            100 * Double(samples.reduce(0) { $0 + $1.studies.count(where: holds) }) / Double(studies)
        }
        var report = TriageReport(
            source: workload.source, studies: studies, replications: replications, seed: seed, readers: staffing.readers,
            load: workload.offered / staffing.meanReaders, expectedFirstCome: workload.expectedWait(staffing),
            flaggedPer100: per100 { !$0.flagged.isEmpty }, falseAlarmsPer100: per100(StudyGroup.falseAlarm.contains),
            allowances: allowances, findings: findings, orders: orders, notes: [])
        report.notes = TriageNotes.of(report, isRandom: isRandom, staffing: staffing, accuracies: workload.accuraciesByName)
        return report
    }
}
