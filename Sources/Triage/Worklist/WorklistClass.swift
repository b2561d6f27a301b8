import Foundation

/// The classes of a study that are no finding's name, as `Allowances` and the worklist's JSON spell them. A class beside them is a finding.
public enum WorklistClass {
    /// Asked for at once by a person; before everything else.
    public static let stat = "stat"
    /// The model refused an image, or failed on it: nobody knows what is on it.
    public static let failed = "failed"
    /// The model has not read it yet.
    public static let waiting = "waiting"
    /// A finding without an allowance of its own.
    public static let other = "other"
    /// The model showed no finding: the normal time of service.
    public static let nothingSeen = "nothing_seen"

    /// No finding can have one of these names.
    public static let all = [stat, failed, waiting, other, nothingSeen]

    /// One spelling for all spellings of a finding: its case does not count, nor whether words are parted by a blank, `_` or `-`.
    package static func folded(_ name: String) -> String {
        String(name.trimmingCharacters(in: .whitespaces).lowercased().map { "_-".contains($0) ? " " : $0 })
    }
}

/// How soon the person who asked for the images wants them read.
public enum Urgency: String, Codable, Hashable, Sendable, CaseIterable {
    case routine, stat
}
