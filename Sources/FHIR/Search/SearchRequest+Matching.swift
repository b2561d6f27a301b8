/// What of a resource a search looks at.
public struct SearchFacts: Hashable, Sendable {
    public var id: String
    /// The patient's logical id, where the server has the patient.
    public var patient: String?
    public var patientIdentifiers: [R4.Identifier]
    public var identifiers: [R4.Identifier]
    /// `nil` where the resource has no time: no condition on one finds it.
    public var time: TimeRange?
    public var status: String?
    /// The code system that the status is of.
    public var statusSystem: String?

    public init(
        id: String, patient: String? = nil, patientIdentifiers: [R4.Identifier] = [], identifiers: [R4.Identifier] = [],
        time: TimeRange? = nil,
        status: String? = nil, statusSystem: String? = nil
    ) {
        (self.id, self.patient, self.patientIdentifiers, self.identifiers) = (id, patient, patientIdentifiers, identifiers)
        (self.time, self.status, self.statusSystem) = (time, status, statusSystem)
    }
}

extension SearchRequest {
    /// Whether the search finds a resource.
    public func matches(_ facts: SearchFacts) -> Bool {
        ids.allSatisfy { $0.contains(facts.id) }
            && patients.allSatisfy { one in one.contains { $0.id == facts.patient } }
            && patientIdentifiers.allSatisfy { one in
                facts.patientIdentifiers.contains { identifier in one.contains { $0.matches(identifier) } }
            }
            && identifiers.allSatisfy { one in facts.identifiers.contains { identifier in one.contains { $0.matches(identifier) } } }
            && dates.allSatisfy { one in facts.time.map { time in one.contains { $0.matches(time) } } ?? false }
            && statuses.allSatisfy { one in one.contains { $0.matches(system: facts.statusSystem, code: facts.status) } }
    }

    /// The stretch of time outside which no date condition finds anything: for a database's index. `nil` where there is none.
    public var span: TimeRange? {
        guard !dates.isEmpty else { return nil }
        var (start, end) = (Int64.min, Int64.max)
        for one in dates {
            // One bound of each alternative; the widest of them.
            let lows = one.map { date -> Int64 in
                switch date.prefix {
                case .equal, .greaterOrEqual: date.range.start
                case .greater, .startsAfter: date.prefix == .greater ? date.range.start : date.range.end
                default: .min
                }
            }
            let highs = one.map { date -> Int64 in
                switch date.prefix {
                case .equal, .lessOrEqual: date.range.end
                case .less: date.range.end
                case .endsBefore: date.range.start
                default: .max
                }
            }
            start = max(start, lows.min() ?? .min)
            end = min(end, highs.max() ?? .max)
        }
        return TimeRange(start: start, end: end)
    }
}
