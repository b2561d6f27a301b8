import ArgumentParser
import Clinic
import Outputs

struct ConformanceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conformance", abstract: "Print the tables of the DICOM Conformance Statement, as this program has them.")

    func run() { StandardOutput.write(ConformanceTables.text) }
}
