import Foundation

/// How a hospital's systems write and want their messages: what differs from one site to the next.
public struct HL7Site: Hashable, Sendable {
    public enum Version: String, Hashable, Sendable, CaseIterable {
        case v231 = "2.3.1"
        case v24 = "2.4"
        case v25 = "2.5"
        case v251 = "2.5.1"

        /// ERR with table 0357 in fields of its own, TQ1, CWE.
        var isSince25: Bool { self == .v25 || self == .v251 }
    }

    /// Of the messages that are written.
    public var version = Version.v251
    /// Of the messages that are written.
    public var characterSet = HL7CharacterSet.utf8
    public var reading = HL7Reading.standard
    /// MSH-3 and MSH-4, MSH-5 and MSH-6 of what is sent.
    public var sendingApplication = "PLEURA"
    public var sendingFacility: String?
    public var receivingApplication: String?
    public var receivingFacility: String?
    /// MSH-11: `P`, `T` or `D`.
    public var processingID = "P"
    /// MSH-15 and MSH-16 of what is sent: `nil` in both is the original mode.
    public var acceptAcknowledgement: AcknowledgementCondition?
    public var applicationAcknowledgement: AcknowledgementCondition?
    /// Of times that name none.
    public var timeZone = TimeZone.current
    public var orders = Orders()
    public var patients = Patients()
    public var results = Results()

    public init() {}

    /// Where an order's values stand. Of several places the first that has a value is taken, unless said otherwise.
    public struct Orders: Hashable, Sendable {
        public var accession = paths(("IPC", 1, 1), ("OBR", 18, 1), ("OBR", 3, 1), ("ORC", 3, 1))
        public var studyUID = paths(("IPC", 3, 1), ("ZDS", 1, 1))
        public var placer = paths(("ORC", 2, 1), ("OBR", 2, 1))
        public var filler = paths(("ORC", 3, 1), ("OBR", 3, 1))
        /// The most urgent of all places and repetitions counts.
        public var urgency = paths(("TQ1", 9, 1), ("ORC", 7, 6), ("OBR", 27, 6), ("OBR", 5, 1))
        /// What stands in all of them.
        public var indication = paths(("OBR", 31, nil), ("OBR", 13, nil))
        public var procedure = HL7Path(segment: "OBR", field: 4)
        public var visit = paths(("PV1", 19, 1))
        public var scheduled = paths(("TQ1", 7, 1), ("ORC", 7, 4), ("OBR", 27, 4), ("OBR", 36, 1))
        /// Words of HL7's table 0485 that are wanted at once, in capitals: stat, as soon as possible, timing critical.
        public var statWords: Set<String> = ["S", "STAT", "A", "ASAP", "T"]
        /// Routine, preoperative, callback, as needed.
        public var routineWords: Set<String> = ["R", "ROUTINE", "P", "C", "PRN"]

        public init() {}
    }

    /// Which of a patient's identifiers is the one of the images.
    public struct Patients: Hashable, Sendable {
        /// PID-3.4, its namespace or universal id; where no identifier has it, a message is refused.
        public var authority: String?
        /// Identifier types (PID-3.5), the best first.
        public var types = ["MR", "PI", "PT"]
        /// Issuer of Patient ID where PID-3.4 is empty.
        public var defaultIssuer: String?
        /// Written into PID-3 where the images have no Patient ID; `nil` makes such a result an error, since HL7 wants one.
        public var withoutID: String?

        public init() {}
    }

    /// How results are written.
    public struct Results: Hashable, Sendable {
        public enum Report: String, Hashable, Sendable, CaseIterable {
            /// An OBX of type TX a line.
            case lines
            /// One OBX of type TX, a repetition a line.
            case repetitions
            /// One OBX of type FT, its lines parted by `\.br\`.
            case formatted
            case none
        }

        public var report = Report.lines
        /// Whether each finding is told in codes. Without, only the report and the references are.
        public var findings = true
        public var link = true
        /// A text with values in braces at each place, such as `OBR-20.1`: `{link}`; laid over what is written, in this order.
        public var set: [(path: HL7Path, template: String)] = []
        /// Segments and fields that are left out: `PV1`, `OBR-5`.
        public var remove: [String] = []

        public init() {}

        public static func == (left: Self, right: Self) -> Bool {
            left.report == right.report && left.findings == right.findings && left.link == right.link && left.remove == right.remove
                && left.set.elementsEqual(right.set) { $0.path == $1.path && $0.template == $1.template }
        }
        public func hash(into hasher: inout Hasher) {
            hasher.combine(report)
            hasher.combine(remove)
            for entry in set { hasher.combine(entry.path) }
        }
    }

    private static func paths(_ places: (String, Int, Int?)...) -> [HL7Path] {
        places.map { HL7Path(segment: $0.0, field: $0.1, component: $0.2) }
    }
}

extension HL7Path {
    init(segment: String, field: Int, component: Int? = nil) {
        (self.segment, self.field, self.component) = (segment, field, component)
        (occurrence, repetition, subcomponent) = (1, 1, nil)
    }
}
