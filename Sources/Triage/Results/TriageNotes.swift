/// What the figures mean, and what they do not, in plain words.
enum TriageNotes {
    static func of(
        _ report: TriageReport, isRandom: Bool, staffing: Staffing, accuracies: [String: ModelAccuracy]
    ) -> [TriageReport.Note] {
        load(report, staffing) + report.orders.dropFirst().flatMap { balance($0, report, staffing) } + chance(accuracies)
            + trust(report, isRandom: isRandom)
            + general(report)
    }

    // MARK: How busy

    private static func load(_ report: TriageReport, _ staffing: Staffing) -> [TriageReport.Note] {
        let load = MinuteText.short(report.load)
        if report.load >= 1 {
            return [
                TriageReport.Note(
                    code: "overloaded",
                    text: "More work comes than can be read (load \(load)): the list grows for as long as this lasts, so every wait here "
                        + "depends on how long is simulated. An order only chooses who pays; what helps is another reader.")
            ]
        }
        // Work that arrives a minute, in readers.
        let offered = report.load * staffing.meanReaders
        if offered >= Double(staffing.fewestReaders), !staffing.isConstant {
            return [
                TriageReport.Note(
                    code: "short_staffed",
                    text:
                        "On average over the day the load is \(load), but in the short-staffed hours more comes than can be read: there the list "
                        + "grows, and there its order counts.")
            ]
        }
        guard report.load < 0.5, staffing.isConstant else { return [] }
        return [
            TriageReport.Note(
                code: "not_busy",
                text:
                    "The load is \(load): a study mostly finds a free reader, and no order can gain much. Savings are real when it is busy."
            )
        ]
    }

    // MARK: Who gains and who pays

    private static func balance(_ order: TriageReport.Order, _ report: TriageReport, _ staffing: Staffing) -> [TriageReport.Note] {
        var notes: [TriageReport.Note] = []
        if let diseased = order["diseased"], let gain = diseased.meanDifference {
            var text =
                "\(sentence(order.title)): studies with a finding wait \(change(gain.value)) on average (\(share(diseased, report)) of 100)"
            if let missed = order["missed"], let cost = missed.meanDifference {
                text += "; those of them on which the model shows nothing wait \(change(cost.value)) (\(share(missed, report)) of 100)"
            }
            notes.append(TriageReport.Note(code: "balance", text: text + "."))
            if (gain.low ?? gain.value) > 0 {
                notes.append(
                    TriageReport.Note(
                        code: "worse",
                        text: "\(sentence(order.title)) makes it worse: studies with a finding wait longer than in order of arrival."))
            }
        }
        if let base = report.orders.first?.longestWait, order.longestWait > base {
            var text =
                "\(sentence(order.title)): the longest wait of anyone is \(MinuteText.short(order.longestWait)) min, "
                + "\(MinuteText.short(order.longestWait - base)) more than in order of arrival"
            if order.discipline != Discipline.dueDate(report.allowances).key {
                text += ", and nothing bounds it"
            } else if staffing.isConstant, order["stat"] == nil {
                // What is asked for at once is outside of the bound, and so is who goes home.
                text +=
                    "; it can never be more by over the largest allowance (\(MinuteText.short(report.allowances.longest)) min) and "
                    + (report.readers == 1 ? "one reading" : "three readings")
            }
            notes.append(TriageReport.Note(code: "longest", text: text + "."))
        }
        return notes
    }

    private static func sentence(_ title: String) -> String { title.prefix(1).uppercased() + title.dropFirst() }

    private static func change(_ minutes: Double) -> String {
        "\(MinuteText.short(abs(minutes))) min \(minutes > 0 ? "longer" : "less")"
    }

    private static func share(_ waiting: TriageReport.Waiting, _ report: TriageReport) -> String {
        MinuteText.short(100 * Double(waiting.count) / Double(report.studies))
    }

    // MARK: What to trust

    private static func chance(_ accuracies: [String: ModelAccuracy]) -> [TriageReport.Note] {
        let names = accuracies.filter { $0.value.isChance }.keys.sorted()
        guard !names.isEmpty else { return [] }
        return [
            TriageReport.Note(
                code: "chance",
                text:
                    "With this sensitivity and specificity the model knows nothing of \(names.joined(separator: ", ")): it shows it as often "
                    + "where it is not.")
        ]
    }

    private static func trust(_ report: TriageReport, isRandom: Bool) -> [TriageReport.Note] {
        var notes: [TriageReport.Note] = []
        let few = (report.orders.first?.groups ?? []).filter {
            ["finding", "missed", "finding_missed"].contains($0.group) && $0.count < 30
        }
        if !few.isEmpty {
            notes.append(
                TriageReport.Note(
                    code: "few",
                    text: "Fewer than 30 studies each, so no more than examples: "
                        + few.map { "\($0.title) (\($0.count))" }.joined(separator: ", ") + "."))
        }
        if report.source == "file" {
            notes.append(
                TriageReport.Note(
                    code: "file",
                    text: isRandom
                        ? "The studies are the file's own; intervals tell only what chance does in the model's flags."
                        : "The studies and flags are the file's own, nothing is drawn: there are no intervals, and another month is another result."
                ))
        } else if report.replications == 1 {
            notes.append(TriageReport.Note(code: "one_replication", text: "One replication has no intervals: --replications 20 has."))
        }
        return notes
    }

    private static func general(_ report: TriageReport) -> [TriageReport.Note] {
        guard report.source == "rates", let expected = report.expectedFirstCome else { return [] }
        return [
            TriageReport.Note(
                code: "closed_form",
                text: "By the closed form for an endless queue, the mean wait in order of arrival is \(MinuteText.short(expected)) min; "
                    + "an order moves waiting from one to another and leaves that mean as it is.")
        ]
    }
}
