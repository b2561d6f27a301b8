/// How long who waits in which order: what `pleura triage simulate` tells, and the JSON of it. Times in minutes from arrival to the beginning
/// of the reading.
public struct TriageReport: Codable, Hashable, Sendable {
    /// The waiting of one group of studies.
    public struct Waiting: Codable, Hashable, Sendable {
        /// `all`, `stat`, `diseased`, `finding`, `missed`, `finding_missed`, `nothing_seen` or `false_alarm`.
        public var group: String
        /// The finding, of a group of one.
        public var finding: String?
        /// For people.
        public var title: String
        /// Studies, of all replications together.
        public var count: Int
        public var mean: Estimate
        /// 95 of 100 wait no longer.
        public var percentile95: Double
        public var maximum: Double
        /// This order less first come, of the same studies; below zero is a gain. None of first come itself.
        public var meanDifference: Estimate?
        public var percentile95Difference: Double?
        public var maximumDifference: Double?

        private enum CodingKeys: String, CodingKey {
            case group, finding, title, count, mean, maximum
            case percentile95 = "percentile_95"
            case meanDifference = "mean_difference"
            case percentile95Difference = "percentile_95_difference"
            case maximumDifference = "maximum_difference"
        }
    }

    /// One order and all groups in it.
    public struct Order: Codable, Hashable, Sendable {
        /// `first_come`, `score_order`, `limited_score_order` or `due_date`.
        public var discipline: String
        /// For people.
        public var title: String
        /// The longest that anyone waits.
        public var longestWait: Double
        public var groups: [Waiting]

        private enum CodingKeys: String, CodingKey {
            case discipline, title, groups
            case longestWait = "longest_wait"
        }

        public subscript(group: String, finding: String? = nil) -> Waiting? {
            groups.first { $0.group == group && $0.finding == finding }
        }
    }

    /// What a reader of the figures has to know.
    public struct Note: Codable, Hashable, Sendable {
        /// A short name, for programs.
        public var code: String
        /// A sentence or two.
        public var text: String
    }

    /// `rates` or `file`.
    public var source: String
    /// Counted ones, of all replications together.
    public var studies: Int
    public var replications: Int
    public var seed: UInt64
    /// Readers, outside of short-staffed hours.
    public var readers: Int
    /// Minutes of reading that arrive a minute, over the mean number of readers.
    public var load: Double
    /// Mean wait in order of arrival by the closed form, where there is one.
    public var expectedFirstCome: Double?
    /// Studies of 100 on which the model shows a finding.
    public var flaggedPer100: Double
    /// Those of them on which there is none.
    public var falseAlarmsPer100: Double
    public var allowances: Allowances
    public var findings: [String]
    /// First come is the first.
    public var orders: [Order]
    public var notes: [Note]

    private enum CodingKeys: String, CodingKey {
        case source, studies, replications, seed, readers, load, allowances, findings, orders, notes
        case expectedFirstCome = "expected_first_come"
        case flaggedPer100 = "flagged_per_100_studies"
        case falseAlarmsPer100 = "false_alarms_per_100_studies"
    }

    public subscript(discipline: String) -> Order? { orders.first { $0.discipline == discipline } }
}
