import Foundation
import Testing
import Triage

@Suite struct DueDateTests {
    private let arrival = Date(timeIntervalSince1970: 1_800_000_000)
    private let allowances = Allowances.standard

    private func due(_ classes: [String], _ urgency: Urgency = .routine, isFailed: Bool = false, isWaiting: Bool = false) -> DueDate {
        DueDate.of(arrival: arrival, urgency: urgency, classes: classes, isFailed: isFailed, isWaiting: isWaiting, allowances: allowances)
    }

    private func after(_ minutes: Double, _ name: String) -> DueDate { DueDate(due: arrival + minutes * 60, class: name) }

    @Test func isArrivalPlusTheSmallestAllowanceOfWhatIsSeen() {
        #expect(due(["Pneumothorax"]) == after(10, "Pneumothorax"))
        #expect(due(["Effusion", "Pneumothorax", "Nodule"]) == after(10, "Pneumothorax"))
        #expect(due(["Nodule"]) == after(120, "other"))
        #expect(due([]) == after(240, "nothing_seen"))
        // Of equals the first by name, whatever their order.
        #expect(due(["Pneumonia", "Effusion"]) == after(60, "Effusion") && due(["Effusion", "Pneumonia"]) == after(60, "Effusion"))
    }

    @Test func failedAndWaitingHaveTheirOwn() {
        #expect(due([], isFailed: true) == after(30, "failed"))
        #expect(due([], isWaiting: true) == after(30, "waiting"))
        // An image that failed neither hides a finding of another image, nor is hidden by one.
        #expect(due(["Pneumothorax"], isFailed: true) == after(10, "Pneumothorax"))
        #expect(due(["Nodule"], isFailed: true) == after(30, "failed"))
        #expect(due(["Nodule"], isWaiting: true) == after(30, "waiting"))
        // An allowance longer than that of nothing seen stays what the site has chosen.
        let patient = DueDate.of(
            arrival: arrival, classes: ["Nodule"], allowances: (try? allowances.setting(["Nodule": 600])) ?? allowances)
        #expect(patient == after(600, "Nodule"))
    }

    @Test func whatIsAskedForAtOnceIsFirst() {
        #expect(due([], .stat) == after(0, "stat") && due(["Pneumothorax"], .stat, isFailed: true) == after(0, "stat"))
        let overdue = DueDate.of(arrival: arrival - 86_400, classes: ["Pneumothorax"], allowances: allowances)
        #expect(due([], .stat) < overdue && overdue < due(["Pneumothorax"]))
        #expect(due([], .stat) < DueDate.of(arrival: arrival + 1, urgency: .stat, classes: [], allowances: allowances))
    }

    @Test func sortingIsTheWorklist() {
        let list = [due([]), due([], isFailed: true), due(["Nodule"]), due(["Pneumothorax"]), due([], .stat), due(["Effusion"])]
        #expect(list.sorted().map(\.class) == ["stat", "Pneumothorax", "failed", "Effusion", "other", "nothing_seen"])
        for left in list { for right in list where left != right { #expect((left < right) != (right < left)) } }
    }
}
