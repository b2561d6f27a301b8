import Archive
import ArgumentParser
import Basics
import Console
import Foundation
import Installation
import Outputs
import Workstation

struct SupportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "support",
        abstract: "Write what somebody far away has to know of this machine and its reading room, without a patient in it.",
        discussion: """
            JSON on standard output, or in the file of --json: versions, models, processor, settings in numbers and kinds, counts of studies, jobs and their codes
            of failure, the disk. No patients, persons, addresses or names of files. Read it before you send it.
            """)

    @OptionGroup var archive: ArchiveOptions
    @OptionGroup var reports: ReportOptions

    private struct Document: Encodable {
        var installation: InstallationReport
        /// Left out where there is no archive.
        var readingRoom: SupportReport?

        private enum CodingKeys: String, CodingKey {
            case installation
            case readingRoom = "reading_room"
        }
    }

    func run() async throws {
        let settings = try archive.configuration()
        var installation = InstallationReport(version: PleuraServe.version)
        // Where models lie tells whose folder it is, and a site's own model may be called by anything.
        for index in installation.models.indices {
            installation.models[index].path = ""
            if !SupportReport.bundledModels.contains(installation.models[index].name) { installation.models[index].name = "own" }
            if installation.models[index].error != nil { installation.models[index].error = "it cannot be used" }
        }
        for index in installation.engines.indices { installation.engines[index].advice = nil }
        installation.choices = []
        installation.advice = []
        var room: SupportReport?
        if archive.isThere(settings) {
            let store = try await archive.archive(settings)
            do {
                room = try await SupportReport(store, configuration: settings)
            } catch {
                throw Failure(about: settings.data.path, error)
            }
        }
        let document = try CommandReport.json("support", Document(installation: installation, readingRoom: room))
        try OutputFile.write(document, toFileOrStandardOutput: reports.json ?? "-")
    }
}
