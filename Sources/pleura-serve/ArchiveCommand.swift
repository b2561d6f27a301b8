import Archive
import ArgumentParser
import Basics
import Console
import Department
import Findings
import Foundation
import LabelMaps
import Outputs
import Workstation

extension StudyStatus: ExpressibleByArgument {}

struct ArchiveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive", abstract: "What the reading room keeps: whether it is whole, copied, and written out again.",
        subcommands: [ArchiveCheckCommand.self, ArchiveExportCommand.self, ArchiveBackupCommand.self, ArchiveRestoreCommand.self])
}

struct ArchiveCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Verify every file against its digest, every reference and the audit trail.",
        discussion: "A server may work on the archive meanwhile. Exit code 1 where something is not as it has to be.")

    @OptionGroup var archive: ArchiveOptions
    @OptionGroup var reports: ReportOptions

    func run() async throws {
        let settings = try archive.configuration()
        guard archive.isThere(settings) else {
            throw Failure(.somethingMissing, "\(settings.data.path): there is no archive")
        }
        let report = try await ArchiveCheck(try await archive.archive(settings)).run(ProgressBar(isQuiet: reports.quiet))
        if reports.printsText {
            let size = ByteCountFormatter.string(fromByteCount: Int64(report.bytes), countStyle: .file)
            StandardOutput.write("\(report.instances) instances, \(size): \(report.isWhole ? "whole" : "\(report.faults.count) faults")\n")
            for fault in report.faults { StandardOutput.write("  \(fault.text)\n") }
            if !report.unusedFiles.isEmpty {
                StandardOutput.write(
                    "\(report.unusedFiles.count) files that no instance has: received, and cut off before they were noted\n")
            }
        }
        try reports.write("archive check", report)
        guard report.isWhole else { throw Failure(.someInputsFailed, "\(settings.data.path): the archive is not whole") }
    }
}

struct ArchiveExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write studies out again: the files as they were received, or a dataset of the signed boxes.",
        discussion: """
            Files: a folder a study, with readings.json. The files hold what was received, patients' names too.
            Dataset (--dataset): images that were signed and called complete, with the boxes of who signed; patients become pseudonyms.
            """)

    @Option(help: ArgumentHelp("The folder to write; with --dataset one that is not there yet.", valueName: "dir"))
    var out: String
    @Flag(help: "A dataset in place of the files.")
    var dataset = false
    @Option(help: ArgumentHelp("Only studies of this status (may be given more than once).", valueName: "status"))
    var status: [StudyStatus] = []
    @Option(help: ArgumentHelp("Only this study, by its id (may be given more than once).", valueName: "id"))
    var study: [String] = []
    @Option(help: ArgumentHelp("With --dataset: the findings and their ids.", valueName: "file"))
    var labelMap: String?
    @OptionGroup var archive: ArchiveOptions
    @OptionGroup var reports: ReportOptions

    func validate() throws {
        if dataset, !status.isEmpty || !study.isEmpty {
            throw ValidationError("--dataset takes all signed studies: no --status, no --study.")
        }
        if study.contains(where: { StudyID(rawValue: $0) == nil }) { throw ValidationError("--study is 32 hexadecimal digits.") }
    }

    func run() async throws {
        let settings = try archive.configuration()
        guard archive.isThere(settings) else {
            throw Failure(.somethingMissing, "\(settings.data.path): there is no archive")
        }
        let export = ArchiveExport(try await archive.archive(settings))
        let target = URL(fileURLWithPath: out, isDirectory: true)
        let outcome: ArchiveExport.Outcome
        do {
            if dataset {
                let map = try labelMap.map { try LabelMap(contentsOf: URL(fileURLWithPath: $0)) }
                outcome = try await export.dataset(to: target, labelMap: map)
            } else {
                let studies = study.isEmpty ? nil : Set(study.compactMap { StudyID(rawValue: $0) })
                outcome = try await export.files(to: target, studies: studies, statuses: Set(status))
            }
        } catch {
            throw Failure(about: out, error)
        }
        let left = outcome.leftOut.sorted { $0.key < $1.key }.map { ", \($0.value) images left out: \($0.key)" }.joined()
        reports.note("\(outcome.studies) studies, \(outcome.images) images\(dataset ? ", \(outcome.boxes) boxes" : "")\(left), into \(out)")
        try reports.write("archive export", outcome)
    }
}
