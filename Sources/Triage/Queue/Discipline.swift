/// In which order the studies of a worklist are read. Nobody is interrupted: a reading that has begun is ended. What a person asked for at
/// once (`stat`) goes first in every order, so that no order takes the credit for that.
public enum Discipline: Hashable, Sendable {
    /// In order of arrival: what a model's order is compared with.
    case firstCome
    /// What the model shows a finding on first, each in order of arrival (non-preemptive priority); by falling score where there are scores.
    case scoreOrder
    /// `scoreOrder`, but what has waited longer than these minutes and shows nothing goes to the top: the usual guard against starvation.
    case limitedScoreOrder(minutes: Double)
    /// By arrival plus the allowance of the class, earliest first (`DueDate`).
    case dueDate(Allowances)

    /// For JSON.
    public var key: String {
        switch self {
        case .firstCome: "first_come"
        case .scoreOrder: "score_order"
        case .limitedScoreOrder: "limited_score_order"
        case .dueDate: "due_date"
        }
    }

    /// For people.
    public var title: String {
        switch self {
        case .firstCome: "first come"
        case .scoreOrder: "score order"
        case .limitedScoreOrder(let minutes): "score order, limit \(MinuteText.short(minutes)) min"
        case .dueDate: "due date"
        }
    }

    /// What the order goes by, smallest first; of equal ones, the first to arrive.
    /// - Parameter findings: The names of a set's findings.
    package func keys(_ studies: [SimulatedStudy], findings: [String]) -> [Double] {
        switch self {
        case .firstCome: return studies.map { _ in 0 }
        case .scoreOrder, .limitedScoreOrder: return studies.map { $0.score.map(-) ?? ($0.flagged.isEmpty ? 0 : -1) }
        case .dueDate(let allowances):
            // Few sets of findings occur.
            var minutes: [FindingSet: Double] = [:]
            return studies.map { study in
                if study.isStat { return study.arrival + allowances.stat }
                if let known = minutes[study.flagged] { return study.arrival + known }
                let classes = findings.indices.filter { study.flagged.has($0) }.map { findings[$0] }
                let (_, allowance) = DueDate.allowance(
                    urgency: .routine, classes: classes, isFailed: false, isWaiting: false, allowances: allowances)
                minutes[study.flagged] = allowance
                return study.arrival + allowance
            }
        }
    }

    /// The limit of waiting of `limitedScoreOrder`.
    package var limit: Double? {
        guard case .limitedScoreOrder(let minutes) = self else { return nil }
        return minutes
    }
}
