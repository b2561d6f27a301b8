import ArgumentParser
import Basics
import Console
import Detection
import Foundation
import Inference
import Outputs

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "What this machine has, what it lacks, and what to do about it.")

    @Flag(
        help: "Measure every model in every precision that the processor has, and keep the best for `detect`. The machine should be quiet."
    )
    var bench = false
    @OptionGroup var reports: ReportOptions

    func run() throws {
        try reports.claim()
        var report = DoctorReport.make()
        if bench { report.measure() }
        try reports.write("doctor", report)
        if reports.printsText { StandardOutput.write(Self.text(report)) }
        if !report.ready { throw Failure(.somethingMissing, "not ready: \(report.advice.first ?? "a needed thing is missing")") }
    }

    private static func text(_ report: DoctorReport) -> String {
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
