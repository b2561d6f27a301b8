/// Studies whose waiting is told together.
package enum StudyGroup: Hashable, Sendable {
    case all
    /// Asked for at once by a person.
    case stat
    /// With any finding.
    case diseased
    /// With this finding.
    case finding(Int)
    /// With a finding, but the model shows nothing at all: who pays for the order.
    case missed
    /// With this finding, which the model does not show.
    case findingMissed(Int)
    /// The model shows nothing, whatever is there.
    case nothingSeen
    /// Nothing is there, but the model shows something.
    case falseAlarm

    /// All that a simulation tells of, in the order of its table.
    static func of(_ findings: [String]) -> [StudyGroup] {
        let places = Array(findings.indices)
        return [.all, .stat, .diseased] + places.map { .finding($0) } + [.missed] + places.map { .findingMissed($0) } + [
            .nothingSeen, .falseAlarm,
        ]
    }

    package func contains(_ study: SimulatedStudy) -> Bool {
        switch self {
        case .all: true
        case .stat: study.isStat
        case .diseased: !study.findings.isEmpty
        case .finding(let place): study.findings.has(place)
        case .missed: !study.findings.isEmpty && study.flagged.isEmpty
        case .findingMissed(let place): study.findings.has(place) && !study.flagged.has(place)
        case .nothingSeen: study.flagged.isEmpty
        case .falseAlarm: study.findings.isEmpty && !study.flagged.isEmpty
        }
    }

    /// For JSON.
    var key: String {
        switch self {
        case .all: "all"
        case .stat: "stat"
        case .diseased: "diseased"
        case .finding: "finding"
        case .missed: "missed"
        case .findingMissed: "finding_missed"
        case .nothingSeen: "nothing_seen"
        case .falseAlarm: "false_alarm"
        }
    }

    /// The finding's place, of a group of one finding.
    var place: Int? {
        switch self {
        case .finding(let place), .findingMissed(let place): place
        default: nil
        }
    }

    /// For people.
    func title(_ findings: [String]) -> String {
        let name = place.map { $0 < findings.count ? findings[$0] : "" } ?? ""
        return switch self {
        case .all: "all"
        case .stat: "asked for at once"
        case .diseased: "with a finding"
        case .finding: name
        case .missed: "missed: a finding, nothing shown"
        case .findingMissed: "\(name), missed"
        case .nothingSeen: "nothing shown"
        case .falseAlarm: "false alarm"
        }
    }
}
