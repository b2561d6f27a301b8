import ArgumentParser
import Basics
import Console
import Installation
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
        var report = InstallationReport(version: Pleura.version)
        if bench { report.measure() }
        try reports.write("doctor", report)
        if reports.printsText { StandardOutput.write(InstallationTable.text(report)) }
        if !report.ready { throw Failure(.somethingMissing, "not ready: \(report.advice.first ?? "a needed thing is missing")") }
    }
}
