import Foundation

/// What TensorBoard's files are called: `events.out.tfevents.SECONDS.HOST`, the seconds since 1970 at which the file was opened, in ten
/// digits. TensorBoard reads the files of a folder in the order of their names.
struct EventFileName {
    private static let start = "events.out.tfevents."

    /// A name behind all that are in the folder, though the clock was set back or the last file was opened in this second.
    /// - Parameter host: Letters, digits, dots, hyphens; others become hyphens.
    static func next(in folder: URL, host: String, now: Date) -> String {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        let last = names.compactMap(seconds).max() ?? 0
        let now = Int(max(0, min(9_999_999_999, now.timeIntervalSince1970)))
        let clean = host.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "-") ? $0 : "-" }
        return start + String(format: "%010ld", max(now, last + 1)) + "." + (clean.isEmpty ? "pleura" : String(clean.prefix(100)))
    }

    private static func seconds(_ name: String) -> Int? {
        guard name.hasPrefix(start) else { return nil }
        let digits = name.dropFirst(start.count).prefix { $0 != "." }
        // What another program wrote with more digits is no second of ours, and would push ours out of the order.
        return digits.count == 10 ? Int(digits).flatMap { $0 < 9_999_999_999 ? $0 : nil } : nil
    }
}
