import Basics
import EvaluationReports
import Foundation
import Watching

/// What was watched, device by device and week by week, as one self-contained page.
public enum WatchPage {
    /// - Parameter nonce: Marks the page's own style; nothing else on it takes effect.
    public static func html(_ report: WatchReport, nonce: String = UUID().uuidString) -> String {
        let alarms =
            report.alarms.isEmpty
            ? "<p>No alarm.</p>\n"
            : "<ul>\n" + report.alarms.map { "<li>\(MarkupText.escaped(WatchText.text($0)))</li>\n" }.joined() + "</ul>\n"
        let devices = report.devices.map { device -> String in
            let names = device.usual.keys.sorted()
            let rows = device.batches.map { batch -> String in
                let byName = Dictionary(batch.figures.map { ($0.name, $0) }) { first, _ in first }
                let cells = names.map { name -> String in
                    guard let figure = byName[name] else { return "<td></td>" }
                    let text = "\(FigureText.value(figure.mean))<span class=\"between\">p \(FigureText.value(figure.probability))</span>"
                    return figure.isUnusual ? "<td class=\"main\">\(text)</td>" : "<td>\(text)</td>"
                }
                let acceptance = batch.decided > 0 ? "\(batch.accepted) of \(batch.decided)" : ""
                return HTMLTable.row(batch.begins, ["<td>\(batch.images)</td>"] + cells + ["<td>\(acceptance)</td>"])
            }
            let usual = HTMLTable.row(
                "usual",
                ["<td>\(device.usualImages)</td>"] + names.map { "<td>\(FigureText.value(device.usual[$0]))</td>" }
                    + ["<td>\(device.usualAcceptance == nil ? "" : FigureText.value(device.usualAcceptance))</td>"])
            return "<h2><bdi>\(MarkupText.escaped(device.name))</bdi></h2>\n"
                + HTMLTable.table(
                    ["week from", "images"] + names.map(MarkupText.escaped) + ["accepted"], [usual] + rows)
        }
        let waiting = report.waiting.sorted { $0.key < $1.key }.map { "<li>\(MarkupText.escaped($0.key)): \($0.value) images</li>\n" }
        let rest =
            waiting.isEmpty ? "" : "<h2>Too few images yet</h2>\n<ul>\n" + waiting.joined() + "</ul>\n"
        return EvaluationMarkup.frame("watch", nonce: nonce).page(
            heading: "Are images, and what is said of them, as they were?",
            sections: [
                "<h2>Alarms</h2>\n" + alarms + "<p class=\"note\">An alarm says that something is different, not that the model does "
                    + "worse. p: how often a week of as many images is as unlike by chance.</p>\n"
            ] + devices + [rest])
    }
}
