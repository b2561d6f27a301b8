import Foundation

/// Looks by device and week whether images, and what the model says of them, are as they were.
///
/// Each figure of a batch is held against batches of its own size (`BatchNull`); several batches in a row must be unusual in the same figure. What
/// readers accept is watched decision by decision (`AcceptanceChart`). An alarm names the element of the header that changed first. It says that
/// something is different, not that the model does worse.
public struct Watch: Sendable {
    public var settings: WatchSettings

    public init(settings: WatchSettings = WatchSettings()) { self.settings = settings }

    /// - Parameter images: In any order.
    public func report(_ images: [WatchedImage]) -> WatchReport {
        var report = WatchReport(settings: settings, devices: [], alarms: [], waiting: [:])
        for (device, own) in Dictionary(grouping: images, by: \.device).sorted(by: { $0.key < $1.key }) {
            let own = own.sorted { $0.time < $1.time }
            guard own.count > settings.usualImages else {
                report.waiting[device] = own.count
                continue
            }
            let (row, alarms) = look(device, usual: Array(own.prefix(settings.usualImages)), Array(own.dropFirst(settings.usualImages)))
            report.devices.append(row)
            report.alarms += alarms
        }
        report.alarms.sort { ($0.day, $0.device) < ($1.day, $1.device) }
        return report
    }

    private func look(_ device: String, usual: [WatchedImage], _ later: [WatchedImage]) -> (WatchReport.Device, [WatchReport.Alarm]) {
        let names = Set(usual.flatMap(\.numbers.keys)).sorted()
        var nulls = Dictionary(
            uniqueKeysWithValues: names.map { name in
                (name, BatchNull(usual: usual.compactMap { $0.numbers[name] }, draws: settings.draws, seed: settings.seed))
            })
        var row = WatchReport.Device(
            name: device, images: usual.count + later.count, usualImages: usual.count,
            usual: Dictionary(uniqueKeysWithValues: names.map { name in (name, Self.mean(usual.compactMap { $0.numbers[name] })) }),
            usualAcceptance: nil, batches: [])
        var alarms: [WatchReport.Alarm] = []
        var streak: [String: Int] = [:]
        // An alarm stands until the figure is as usual again.
        var standing: Set<String> = []
        for batch in batches(later) {
            var figures: [WatchReport.Figure] = []
            for name in names {
                let values = batch.compactMap { $0.numbers[name] }
                guard values.count >= settings.leastBatch / 2, nulls[name]?.count ?? 0 >= settings.leastBatch else { continue }
                guard let (distance, probability) = nulls[name]?.test(values) else { continue }
                let isUnusual = probability <= settings.level
                streak[name] = isUnusual ? (streak[name] ?? 0) + 1 : 0
                if !isUnusual { standing.remove(name) }
                figures.append(
                    WatchReport.Figure(
                        name: name, mean: Self.mean(values), distance: distance, probability: probability, isUnusual: isUnusual))
            }
            let decisions = batch.flatMap(\.decisions)
            row.batches.append(
                WatchReport.Batch(
                    begins: Self.day(batch[0].time), images: batch.count, figures: figures, accepted: decisions.count { $0 },
                    decided: decisions.count))
            let new = names.filter { streak[$0] ?? 0 >= settings.inARow && !standing.contains($0) }
            if !new.isEmpty {
                standing.formUnion(new)
                alarms.append(
                    WatchReport.Alarm(
                        device: device, day: Self.day(batch[batch.count - 1].time), figures: new,
                        change: Self.firstChange(usual: usual, later: later.filter { $0.time <= batch[batch.count - 1].time })))
            }
        }
        let (acceptance, further) = watchAcceptance(device, usual: usual, later)
        row.usualAcceptance = acceptance
        return (row, alarms + further)
    }

    /// Weeks from Monday on; one with few images goes with the next. What is left at the end waits.
    private func batches(_ images: [WatchedImage]) -> [[WatchedImage]] {
        var calendar = Calendar(identifier: .iso8601)
        calendar.timeZone = TimeZone(secondsFromGMT: 0) ?? .current
        func week(_ time: Date) -> Int {
            let parts = calendar.dateComponents([.yearForWeekOfYear, .weekOfYear], from: time)
            return (parts.yearForWeekOfYear ?? 0) * 100 + (parts.weekOfYear ?? 0)
        }
        var (done, open) = ([[WatchedImage]](), [WatchedImage]())
        for image in images {
            if let last = open.last, week(last.time) != week(image.time), open.count >= settings.leastBatch {
                done.append(open)
                open = []
            }
            open.append(image)
        }
        if open.count >= settings.leastBatch { done.append(open) }
        return done
    }

    private func watchAcceptance(
        _ device: String, usual: [WatchedImage], _ later: [WatchedImage]
    ) -> (Double?, [WatchReport.Alarm]) {
        let before = usual.flatMap(\.decisions)
        guard before.count >= settings.leastBatch, let first = later.first, let last = later.last else { return (nil, []) }
        let share = Double(before.count { $0 }) / Double(before.count)
        let days = max(7, last.time.timeIntervalSince(first.time) / 86_400)
        let count = later.reduce(0) { $0 + $1.decisions.count }
        // What is usual was measured on few decisions: a standard error less, so that a share that was measured too high by chance does not alarm.
        let careful = share - (share * (1 - share) / Double(before.count)).squareRoot()
        var chart = AcceptanceChart(
            usual: careful, shift: settings.acceptanceShift, falseAlarmEvery: max(100, Double(count) / days * 365))
        var alarms: [WatchReport.Alarm] = []
        for image in later {
            for decision in image.decisions where chart.take(decision) {
                alarms.append(
                    WatchReport.Alarm(
                        device: device, day: Self.day(image.time), figures: [Self.acceptance],
                        change: Self.firstChange(usual: usual, later: later.filter { $0.time <= image.time })))
            }
        }
        return (share, alarms)
    }

    /// How reports call what readers accept.
    public static let acceptance = "acceptance"

    /// The first value of a tag that was not there before, and that at least half of the latest images have.
    static func firstChange(usual: [WatchedImage], later: [WatchedImage]) -> WatchReport.Change? {
        let latest = later.suffix(max(10, min(later.count / 2, 40)))
        var changes: [(time: Date, change: WatchReport.Change)] = []
        for tag in Set(later.flatMap(\.tags.keys)).sorted() {
            let known = Dictionary(grouping: usual.compactMap { $0.tags[tag] }) { $0 }.mapValues(\.count)
            let now = Dictionary(grouping: latest.compactMap { $0.tags[tag] }) { $0 }.mapValues(\.count)
            guard let (value, count) = now.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }), known[value] == nil,
                count * 2 >= latest.count, let first = later.first(where: { $0.tags[tag] == value })
            else { continue }
            let before = known.max(by: { ($0.value, $1.key) < ($1.value, $0.key) })?.key ?? ""
            changes.append((first.time, WatchReport.Change(tag: tag, before: before, after: value, day: day(first.time))))
        }
        return changes.min { ($0.time, $0.change.tag) < ($1.time, $1.change.tag) }?.change
    }

    private static func mean(_ values: [Double]) -> Double { values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count) }

    static func day(_ time: Date) -> String { time.formatted(.iso8601.year().month().day()) }
}
