import ArgumentParser
import Basics
import Clinic
import Console
import DICOMNetwork
import Foundation
import Outputs

struct DICOMCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dicom", abstract: "Try a DICOM peer, send to it, ask it; take patients out of files.",
        subcommands: [
            DICOMEchoCommand.self, DICOMSendCommand.self, DICOMFindCommand.self, DICOMWorklistCommand.self, DICOMFetchCommand.self,
            AnonymiseCommand.self, ConformanceCommand.self,
        ])
}

/// Which peer is called, and how.
struct DICOMPeerOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("The peer, such as PACS@10.0.0.5:104.", valueName: "title@host:port"))
    var peer: String
    @Option(help: ArgumentHelp("The title by which we call.", valueName: "title"))
    var calling = "PLEURA"
    @Flag(help: "TLS 1.2 or 1.3.")
    var tls = false
    @Option(help: ArgumentHelp("PEM: the authorities that vouch for the peer; the system's if not given.", valueName: "file"))
    var tlsAuthorities: String?
    @Option(help: ArgumentHelp("PEM: our certificate, where the peer wants one.", valueName: "file"))
    var tlsCertificate: String?
    @Option(help: ArgumentHelp("PEM: its key.", valueName: "file"))
    var tlsKey: String?
    @Option(
        help: OptionRange<Int>.whole(1...3_600).help("How long the peer may be silent", "seconds", usual: 30),
        transform: OptionRange<Int>.whole(1...3_600).parse)
    var patience = 30

    /// - Throws: `Failure` of wrong use.
    func client() throws -> DICOMClient {
        let isSecured = tls || tlsAuthorities != nil || tlsCertificate != nil
        let address = try Failure.about(peer, status: .wrongUse) {
            try DICOMAddress(
                peer, security: isSecured ? TransportSecurity(certificate: tlsCertificate, key: tlsKey, authorities: tlsAuthorities) : nil)
        }
        return DICOMClient(
            callingTitle: calling, calledTitle: address.title, host: address.host, port: address.port, security: address.security,
            connectPatience: min(10, patience), patience: patience)
    }
}

struct DICOMEchoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "echo", abstract: "Ask a peer whether it is there (C-ECHO).")

    @OptionGroup var peer: DICOMPeerOptions
    @OptionGroup var reports: ReportOptions

    private struct Answer: Encodable { var peer: String, seconds: Double }

    func run() throws {
        let client = try peer.client()
        let begin = ContinuousClock.now
        try Failure.about(peer.peer) { try client.echo() }
        let seconds = (ContinuousClock.now - begin) / .seconds(1)
        if reports.printsText { StandardOutput.write("\(peer.peer) answers, after \(Int(seconds * 1_000)) ms\n") }
        try reports.write("dicom echo", Answer(peer: peer.peer, seconds: seconds))
    }
}

struct DICOMSendCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send", abstract: "Store DICOM files at a peer (C-STORE), each as it is where the peer takes that.")

    @OptionGroup var peer: DICOMPeerOptions
    @Argument(help: ArgumentHelp("Files, and folders with all that is below them.", valueName: "path"))
    var paths: [String]
    @OptionGroup var reports: ReportOptions

    private struct Sent: Encodable {
        var file: String
        var stored: Bool
        var reason: String
        var transferSyntax: String

        enum CodingKeys: String, CodingKey {
            case file, stored, reason
            case transferSyntax = "transfer_syntax"
        }
    }

    func run() throws {
        let client = try peer.client()
        let files = try paths.flatMap(FilesBelow.files)
        guard !files.isEmpty else { throw Failure(.somethingMissing, "there are no files to send") }
        let report = try Failure.about(peer.peer) { try client.store(files.map { .file($0) }) }
        let sent = report.outcomes.map { outcome in
            Sent(
                file: files[outcome.index], stored: outcome.isStored, reason: outcome.reason, transferSyntax: outcome.sentSyntax)
        }
        for one in sent where !one.stored { StandardError.failure(one.file, one.reason) }
        let count = sent.count(where: \.stored)
        if reports.printsText { StandardOutput.write("\(count) of \(files.count) stored at \(peer.peer)\n") }
        try reports.write("dicom send", ["files": sent])
        guard count == files.count else { throw Failure(.someInputsFailed, report.error?.reason ?? "") }
    }
}

struct DICOMFindCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "find", abstract: "Ask a peer for studies, such as the priors of a patient (C-FIND, study root).")

    @OptionGroup var peer: DICOMPeerOptions
    @Option(help: ArgumentHelp("Patient ID.", valueName: "id"))
    var patient: String?
    @Option(help: ArgumentHelp("Accession number.", valueName: "number"))
    var accession: String?
    @Option(help: ArgumentHelp("Modality of any series.", valueName: "modality"))
    var modality: String?
    @Option(help: ArgumentHelp("From this day on, YYYYMMDD.", valueName: "day"))
    var from: String?
    @Option(help: ArgumentHelp("Up to this day, YYYYMMDD.", valueName: "day"))
    var to: String?
    @OptionGroup var reports: ReportOptions

    func run() throws {
        let client = try peer.client()
        let query = StudyQuery(
            patientID: patient, accessionNumber: accession, modality: modality,
            dates: from == nil && to == nil ? nil : DateRange(from: from, to: to))
        let found = try Failure.about(peer.peer) { try client.studies(query) }
        if reports.printsText {
            for study in found {
                let fields = [
                    study.studyDate, study.modalities.joined(separator: ","), study.patientID, study.patientName, study.accessionNumber,
                    study.studyInstanceUID, study.studyDescription,
                ]
                StandardOutput.write(fields.joined(separator: "\t") + "\n")
            }
        }
        try reports.write("dicom find", ["studies": found.map(\.answer.values)])
    }
}

struct DICOMWorklistCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worklist", abstract: "Ask a peer what is scheduled (Modality Worklist).")

    @OptionGroup var peer: DICOMPeerOptions
    @Option(help: ArgumentHelp("The day, YYYYMMDD; all if not given.", valueName: "day"))
    var day: String?
    @Option(help: ArgumentHelp("Modality.", valueName: "modality"))
    var modality: String?
    @Option(help: ArgumentHelp("Accession number.", valueName: "number"))
    var accession: String?
    @Option(help: ArgumentHelp("Patient ID.", valueName: "id"))
    var patient: String?
    @Option(help: ArgumentHelp("What text is in where an answer names no character set.", valueName: "set"))
    var characterSet = DICOMClient.usualCharacterSet
    @OptionGroup var reports: ReportOptions

    func run() throws {
        let client = try peer.client()
        let query = WorklistQuery(dates: day.map(DateRange.init(day:)), modality: modality, accessionNumber: accession, patientID: patient)
        let found = try Failure.about(peer.peer) { try client.worklist(query, characterSet: characterSet) }
        if reports.printsText {
            for entry in found {
                let fields = [
                    entry.startDate, entry.startTime, entry.modality, entry.patientID, entry.patientName, entry.accessionNumber,
                    entry.priority, entry.requestedProcedureDescription,
                ]
                StandardOutput.write(fields.joined(separator: "\t") + "\n")
            }
        }
        try reports.write("dicom worklist", ["entries": found.map(\.answer.values)])
    }
}

struct DICOMFetchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch", abstract: "Have a peer send a study to a node that it knows, such as this one (C-MOVE).")

    @OptionGroup var peer: DICOMPeerOptions
    @Argument(help: ArgumentHelp("Study Instance UID.", valueName: "uid"))
    var study: String
    @Option(help: ArgumentHelp("The title of the node that gets it; ours if not given.", valueName: "title"))
    var destination: String?
    @OptionGroup var reports: ReportOptions

    private struct Moved: Encodable { var completed: Int, failed: Int, status: String }

    func run() throws {
        let client = try peer.client()
        let progress = try Failure.about(peer.peer) { try client.move(study: study, to: destination ?? peer.calling) }
        if reports.printsText { StandardOutput.write("\(progress.completed) sent, \(progress.failed) failed\n") }
        try reports.write(
            "dicom fetch", Moved(completed: progress.completed, failed: progress.failed, status: progress.status.description))
        guard progress.failed == 0 else { throw Failure(.someInputsFailed, "\(peer.peer): \(progress.failed) instances were not sent") }
    }
}

/// Files that a person names, and those below folders that they name.
enum FilesBelow {
    /// - Throws: `Failure` where the path leads to nothing.
    static func files(_ path: String) throws -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw Failure(.somethingMissing, "\(path): there is no such file")
        }
        guard isFolder.boolValue else { return [path] }
        let url = URL(fileURLWithPath: path, isDirectory: true)
        let found = FileManager.default.enumerator(at: url, includingPropertiesForKeys: [.isRegularFileKey], options: [.skipsHiddenFiles])
        return (found?.compactMap { $0 as? URL } ?? []).filter {
            (try? $0.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile) == true
        }.map(\.path).sorted()
    }
}
