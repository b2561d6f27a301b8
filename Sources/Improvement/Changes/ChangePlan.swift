import Findings
import Foundation

/// The change log as a document, in the order in which a predetermined change control plan is written: what may change, by which protocol, with
/// what effect; and then, version by version, what did.
public enum ChangePlan {
    /// Markdown.
    public static func text(_ changes: [ModelChange]) -> String {
        var lines = [
            "# Change log of the model", "", Notice.researchUseOnly, "",
            "## What may change", "",
            "Weights, operating points and calibration of one detector, learnt anew from the released weights with the site's signed reviews and",
            "a replay of the boxes that it was released with. Findings, input, preprocessing and intended use stay.", "",
            "## Protocol", "",
            "- Data: events of signed reviews, in a chain of hashes. Unknown is not negative. Patients of the locked set never enter.",
            "- Training: at most 300 steps of 16 images, a tenth of the first rate, half old boxes and half new, averaged weights.",
            "- Gate: a locked set that is pinned by digests, looked at ten times at most. All criteria must be met.",
            "- Update: by a named person. Back by one command. Each result names its model's digest.", "",
            "## Versions", "",
            "| change | time | what | model | before | by | why, and what came of it | data | evidence |",
            "|---|---|---|---|---|---|---|---|---|",
        ]
        func short(_ digest: String?) -> String { digest.map { "`\($0.prefix(12))`" } ?? "" }
        func cell(_ text: String) -> String { text.replacing("|", with: "/").replacing("\n", with: " ") }
        for change in changes {
            let evidence = [change.verdict, change.report.map { "`\($0.prefix(12))`" }].compactMap(\.self).joined(separator: ", ")
            lines.append(
                "| \(change.number) | \(change.time) | \(change.kind.rawValue) | \(cell(change.name)) \(short(change.model)) | "
                    + "\(short(change.before)) | \(cell(change.by)) | \(cell(change.reason)) | \(short(change.data)) | \(evidence) |")
        }
        if let last = changes.last { lines += ["", "Hash of the last entry: `\(last.hash)`."] }
        return lines.joined(separator: "\n") + "\n"
    }
}
