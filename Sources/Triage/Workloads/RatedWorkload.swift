import Basics

/// Studies drawn from rates: arrivals by Poisson's law, reading times and findings each by chance of its own.
public struct RatedWorkload: Hashable, Sendable, TriageWorkload {
    /// One finding and how the model does on it.
    public struct FindingRate: Hashable, Sendable {
        public var name: String
        /// The share of studies that have it.
        public var prevalence: Double
        public var accuracy: ModelAccuracy

        public init(_ name: String, prevalence: Double, accuracy: ModelAccuracy) {
            self.name = name
            self.prevalence = prevalence
            self.accuracy = accuracy
        }
    }

    public let arrivalsPerHour: Double
    public let readingTimes: ReadingTimes
    public let rates: [FindingRate]
    /// The share of studies that a person wants at once.
    public let statShare: Double
    /// The time whose arrivals are counted, of each replication. A fifth of it goes before, uncounted.
    public let hours: Double

    /// What memory is for; of all replications together.
    package static let mostStudies = 5_000_000.0

    /// - Throws: `TriageError` of code `badSetting`, `tooMuch` where one replication alone has more studies than can be held.
    public init(
        arrivalsPerHour: Double, readingTimes: ReadingTimes, rates: [FindingRate], statShare: Double = 0, hours: Double
    ) throws(TriageError) {
        func check(_ holds: Bool, _ reason: String) throws(TriageError) {
            if !holds { throw TriageError(.badSetting, reason) }
        }
        try check(arrivalsPerHour.isFinite && arrivalsPerHour > 0, "arrivals an hour are a number above 0")
        try check(readingTimes.mean.isFinite && readingTimes.mean > 0, "the mean reading time is a number above 0")
        try check((0...100).contains(readingTimes.variation), "the variation of reading times is 0 to 100")
        try check(hours.isFinite && hours > 0, "hours are a number above 0")
        try check((0...1).contains(statShare), "the share asked for at once is 0 to 1")
        try check(!rates.isEmpty, "there is no finding to look for")
        try check(rates.count <= FindingSet.most, "there can be \(FindingSet.most) findings at most")
        for rate in rates {
            try check((0...1).contains(rate.prevalence), "\(rate.name): a prevalence is 0 to 1")
            try check(rate.accuracy.isPossible, "\(rate.name): sensitivity and specificity are 0 to 1")
        }
        try check(
            Set(rates.map { WorklistClass.folded($0.name) }).count == rates.count, "a finding is there twice")
        guard arrivalsPerHour * hours * 1.2 <= Self.mostStudies else {
            throw TriageError(.tooMuch, "that is more than \(Int(Self.mostStudies)) studies: fewer hours are enough")
        }
        self.arrivalsPerHour = arrivalsPerHour
        self.readingTimes = readingTimes
        self.rates = rates
        self.statShare = statShare
        self.hours = hours
    }

    package var findings: [String] { rates.map(\.name) }
    package var countedFrom: Double { hours * 60 * 0.2 }
    package var offered: Double { arrivalsPerHour / 60 * readingTimes.mean }
    package var isRandom: Bool { true }
    package var source: String { "rates" }
    package var accuraciesByName: [String: ModelAccuracy] {
        Dictionary(rates.map { ($0.name, $0.accuracy) }, uniquingKeysWith: { first, _ in first })
    }

    package func expectedWait(_ staffing: Staffing) -> Double? {
        guard staffing.isConstant, statShare == 0 else { return nil }
        let rate = arrivalsPerHour / 60
        if staffing.readers == 1 {
            return QueueFormulas.firstCome(arrivalRate: rate, reading: readingTimes.mean, variation: readingTimes.variation)
        }
        guard case .exponential(let mean) = readingTimes else { return nil }
        return QueueFormulas.firstCome(arrivalRate: rate, reading: mean, readers: staffing.readers)
    }

    package func studies(replication: Int, seed: UInt64) -> [SimulatedStudy] {
        var arrivals = ChanceStream.arrivals.generator(replication, seed: seed)
        var readings = ChanceStream.readings.generator(replication, seed: seed)
        var truths = ChanceStream.findings.generator(replication, seed: seed)
        var flags = ChanceStream.flags.generator(replication, seed: seed)
        let accuracies = rates.map(\.accuracy)
        let (gap, end) = (60 / arrivalsPerHour, countedFrom + hours * 60)
        var studies: [SimulatedStudy] = []
        studies.reserveCapacity(Int(end / gap * 1.1) + 100)
        var time = arrivals.exponential(mean: gap)
        while time < end {
            var findings: FindingSet = []
            for (index, rate) in rates.enumerated() where truths.uniform() < rate.prevalence { findings.insert(FindingSet(index: index)) }
            let isStat = truths.uniform() < statShare
            studies.append(
                SimulatedStudy(
                    arrival: time, reading: readingTimes.draw(&readings), findings: findings,
                    flagged: accuracies.flags(on: findings, &flags),
                    isStat: isStat))
            time += arrivals.exponential(mean: gap)
        }
        return studies
    }
}
