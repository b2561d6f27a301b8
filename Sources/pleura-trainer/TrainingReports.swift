import Foundation
import RunRecords
import TrainingSettings

/// What `pleura train` says, for programs.
struct PresetEntry: Encodable {
    var name: String
    var description: String
}

/// A plan: what it changes of a preset, and the file that `--config` takes.
struct PlanEntry: Encodable {
    struct Proposal: Encodable {
        /// As `--set` takes it.
        var key: String
        var value: String
        var reason: String
    }

    var preset: String
    var proposals: [Proposal]
    var remarks: [String]
    var file: String

    init(_ plan: TrainingPlan) {
        (preset, remarks, file) = (plan.preset, plan.remarks, plan.text)
        proposals = plan.proposals.map { Proposal(key: $0.key, value: $0.value, reason: $0.reason) }
    }
}

struct ScoresEntry: Encodable {
    var run: String
    var scores: PooledScores
}

struct WatchEntry: Encodable {
    var run: String
    var hasEnded: Bool
    /// By table (`steps`, `results`) and column; what is no number is left out as null.
    var curves: [String: [String: [Double?]]]

    private enum CodingKeys: String, CodingKey {
        case run, curves
        case hasEnded = "has_ended"
    }
}
