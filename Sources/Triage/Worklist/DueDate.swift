import Foundation

/// When a study has to be read at the latest, and why then.
///
/// A worklist in the order of due dates, earliest first, starves nobody by construction: a study's due date is fixed at its arrival plus an
/// allowance that is bounded, time goes on, and only what arrived before that due date can ever go before it. So with one reader nobody waits
/// longer than the longest wait in order of arrival, plus the largest allowance, plus the longest reading (with several readers: plus three of
/// these). Only what a person asks for at once is before all others, whatever is due. A list in the order of scores has no such bound, and
/// "whoever waited over T goes to the top" pushes the urgent back when it is busiest.
///
/// The order is Earliest Due Date of scheduling (Jackson, UCLA Management Sciences Research Report 43, 1955; as a queue: Goldberg, Mathematics
/// of Operations Research 1977).
public struct DueDate: Hashable, Sendable {
    public let due: Date
    /// One of `WorklistClass`, or the finding that makes it due then.
    public let `class`: String

    public init(due: Date, class name: String) {
        self.due = due
        self.class = name
    }

    /// Arrival plus the smallest allowance of what is known of the study.
    ///
    /// A study asked for at once has the allowance of `stat`, whatever is seen. A failed or waiting image takes part like a finding, so that it
    /// neither hides a pneumothorax on another image nor is hidden by a nodule. Only of a study that the model has read whole, without a finding,
    /// is it said that nothing was seen.
    /// - Parameter classes: The labels of the findings that are shown; in any spelling of case.
    public static func of(
        arrival: Date, urgency: Urgency = .routine, classes: some Sequence<String>, isFailed: Bool = false, isWaiting: Bool = false,
        allowances: Allowances
    ) -> DueDate {
        let (name, minutes) = allowance(
            urgency: urgency, classes: classes, isFailed: isFailed, isWaiting: isWaiting, allowances: allowances)
        return DueDate(due: arrival.addingTimeInterval(minutes * 60), class: name)
    }

    /// The class that decides, and its minutes. Of two with the same minutes a finding with an allowance of its own decides, and of those the
    /// first by name.
    package static func allowance(
        urgency: Urgency, classes: some Sequence<String>, isFailed: Bool, isWaiting: Bool, allowances: Allowances
    ) -> (class: String, minutes: Double) {
        if urgency == .stat { return (WorklistClass.stat, allowances.stat) }
        // With the rank that decides between equal minutes.
        var known = classes.map { name in
            allowances.hasOwnMinutes(ofFinding: name)
                ? (allowances.minutes(ofFinding: name), 0, name) : (allowances.other, 2, WorklistClass.other)
        }
        if isFailed { known.append((allowances.failed, 1, WorklistClass.failed)) }
        if isWaiting { known.append((allowances.waiting, 1, WorklistClass.waiting)) }
        let first = known.min { $0 < $1 } ?? (allowances.nothingSeen, 3, WorklistClass.nothingSeen)
        return (first.2, first.0)
    }
}

extension DueDate: Comparable {
    /// Those asked for at once first, then by due date. Of two that are due at once, the class decides nothing but a steady order.
    public static func < (left: DueDate, right: DueDate) -> Bool {
        let (leftIsLate, rightIsLate) = (left.class != WorklistClass.stat, right.class != WorklistClass.stat)
        if leftIsLate != rightIsLate { return rightIsLate }
        return (left.due, left.class) < (right.due, right.class)
    }
}
