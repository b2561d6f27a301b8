/// A report of the watch for a terminal.
public enum WatchText {
    /// One sentence without a full stop.
    public static func text(_ alarm: WatchReport.Alarm) -> String {
        let changed =
            alarm.change.map {
                "; first to change was \($0.tag), from \($0.before.isEmpty ? "nothing" : $0.before) to \($0.after) on \($0.day)"
            }
            ?? "; no element of the header changed before it"
        return "\(alarm.day), \(alarm.device): \(alarm.figures.joined(separator: ", ")) not as usual\(changed)"
    }

    public static func text(_ report: WatchReport) -> String {
        var lines = report.alarms.map(text)
        if lines.isEmpty { lines.append("no alarm") }
        for device in report.devices {
            lines.append(
                "\(device.name): \(device.images) images, \(device.batches.count) batches after \(device.usualImages) that are usual")
        }
        for (device, count) in report.waiting.sorted(by: { $0.key < $1.key }) {
            lines.append("\(device): \(count) images, too few to say what is usual")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
