import Archive
import ArgumentParser
import Basics
import Console
import Foundation
import Outputs
import Workstation

struct ArchiveBackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy the archive into a folder, while a server works on it.",
        discussion: """
            The folder gets every file and the database as it is at one moment. Into the folder of an earlier backup only what is new is copied, and a run that is
            cut off leaves the earlier one. It holds patients' data. Exit code 1 where a file of the archive is missing or damaged.
            """)

    @Option(help: ArgumentHelp("The backup's folder: new, empty, or that of an earlier backup.", valueName: "dir"))
    var out: String
    @OptionGroup var archive: ArchiveOptions
    @OptionGroup var reports: ReportOptions

    func run() async throws {
        let settings = try archive.configuration()
        guard settings.database == nil else {
            throw Failure(.wrongUse, "this archive is in PostgreSQL: back it up with pg_dump, and then copy \(settings.data.path)/content")
        }
        guard archive.isThere(settings) else {
            throw Failure(.somethingMissing, "\(settings.data.path): there is no archive")
        }
        let store = try archive.archiveOfFolder(settings)
        let report: ArchiveBackup.Report
        do {
            report = try await ArchiveBackup.make(
                of: store, in: URL(fileURLWithPath: out, isDirectory: true), observer: ProgressBar(isQuiet: reports.quiet))
        } catch {
            throw Failure(about: out, error)
        }
        for fault in report.faults { StandardError.line("pleura: \(fault)") }
        reports.note("\(report.studies) studies, \(report.files) files, \(report.copied) of them new, in \(out)")
        try reports.write("archive backup", report)
        guard report.faults.isEmpty else {
            throw Failure(.someInputsFailed, "\(settings.data.path): \(report.faults.count) files are not whole")
        }
    }
}

struct ArchiveRestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Make an archive of a backup, and check that it is whole.",
        discussion: "The archive's folder (--data) must not have one yet. Exit code 1 where something is not as it has to be.")

    @Argument(help: ArgumentHelp("The backup's folder.", valueName: "dir"))
    var backup: String
    @OptionGroup var archive: ArchiveOptions
    @OptionGroup var reports: ReportOptions

    func run() async throws {
        let settings = try archive.configuration()
        let report: ArchiveCheckReport
        do {
            report = try await ArchiveBackup.restore(
                from: URL(fileURLWithPath: backup, isDirectory: true), to: settings.data, observer: ProgressBar(isQuiet: reports.quiet))
        } catch {
            throw Failure(about: backup, error)
        }
        for fault in report.faults { StandardError.line("pleura: \(fault.text)") }
        reports.note("\(report.studies) studies, \(report.instances) instances, \(report.results) results in \(settings.data.path)")
        try reports.write("archive restore", report)
        guard report.isWhole else { throw Failure(.someInputsFailed, "\(settings.data.path): \(report.faults.count) faults") }
    }
}
