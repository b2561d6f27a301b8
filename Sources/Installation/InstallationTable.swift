import Basics
import Detection
import Foundation
import Inference

/// What this machine has and lacks, for a person at a terminal.
public enum InstallationTable {
    /// Ends in a line feed.
    public static func text(_ report: InstallationReport) -> String {
        var lines = ["pleura \(report.pleura)", "", "Engines"]
        for engine in report.engines {
            let state = engine.version ?? (engine.needed ? "MISSING" : "not there")
            lines.append("  " + pad(engine.name, 12) + pad(state, 34) + engine.purpose)
        }
        lines += ["", "Processor", "  \(report.processor.model), \(report.processor.logicalCores) logical cores"]
        for name in Processor.asked { lines.append("  " + pad(name, 14) + (report.processor.features[name] == true ? "yes" : "no")) }
        lines.append("  bf16 " + (report.processor.hasBFloat16 ? "yes" : "no") + ", INT8 " + (report.processor.hasInt8 ? "yes" : "no"))
        lines += ["", "Models"]
        for model in report.models { lines.append("  " + pad(model.name, 20) + (model.version ?? model.error ?? "") + "  " + model.path) }
        if report.models.isEmpty { lines.append("  none") }
        if !report.choices.isEmpty { lines += ["", "Speed (network and what follows it; the choice is kept for detect)"] }
        for choice in report.choices {
            for measured in choice.measurements {
                lines.append(
                    "  " + pad(choice.model, 20) + pad(measured.precision.rawValue, 6)
                        + String(format: "%8.1f ms for one, %8.1f images a second", measured.latencyMilliseconds, measured.imagesPerSecond)
                        + (measured.precision == choice.precision ? "  chosen" : ""))
            }
        }
        if !report.advice.isEmpty { lines += ["", "Advice"] + report.advice.map { "  " + $0 } }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
