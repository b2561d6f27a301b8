// Receives and calls, for Tests/Interop/clinic_dicom.py: receive | echo | send | worklist | studies | move | commit.
import DICOMNetwork
import Foundation

private func receive(_ options: Options) throws {
    let folder = options.text("folder", "inbox")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var settings = DICOMNodeSettings(
        title: options.text("title", "PLEURA"),
        listeners: [.init(port: UInt16(clamping: options.number("port", 0)), security: options.security)], folder: folder)
    settings.peers = options.all("peer").map { text in
        let parts = text.split(separator: "@").map(String.init)
        return .init(title: parts[0], addresses: Array(parts.dropFirst()))
    }
    settings.acceptsAnyPeer = settings.peers.isEmpty
    settings.associationLimit = options.number("associations", 10)
    settings.patience = options.number("patience", 20)
    settings.openingPatience = options.number("opening", 5)
    settings.openingLimit = options.number("openings", 32)
    settings.syncs = options.flag("sync", true)
    let node = try DICOMNode(settings, handler: Inbox(options))
    signal(SIGTERM, SIG_IGN)
    let stop = DispatchSemaphore(value: 0)
    let source = DispatchSource.makeSignalSource(signal: SIGTERM, queue: .global())
    source.setEventHandler { stop.signal() }
    source.resume()
    say("listening \(node.ports[0])")
    stop.wait()
    node.stop()
    say("\(node.counts)")
}

private func send(_ options: Options) throws {
    let begun = Date()
    let report = try options.client.store(options.rest.map { .file($0) })
    for one in report.outcomes where one.result != .stored || one.wasTranscoded {
        say("\(one.index) \(one.result) \(one.sentSyntax) \(one.reason)")
    }
    let error = report.error.map { "\($0)" } ?? ""
    say("stored \(report.outcomes.count(where: \.isStored)) of \(report.outcomes.count) in \(Date().timeIntervalSince(begun)) \(error)")
}

let words = Array(CommandLine.arguments.dropFirst())
let options = Options(Array(words.dropFirst()))
do {
    switch words.first {
    case "receive": try receive(options)
    case "echo":
        try options.client.echo()
        say("echo good")
    case "send": try send(options)
    case "worklist":
        let query = WorklistQuery(dates: options.all("date").last.map { DateRange(day: $0) }, modality: options.all("modality").last)
        for entry in try options.client.worklist(query) { say("\(entry.answer.values.sorted { $0.key < $1.key })") }
    case "studies":
        for study in try options.client.studies(StudyQuery(patientID: options.all("patient").last)) {
            say("\(study.answer.values.sorted { $0.key < $1.key })")
        }
    case "move": say("\(try options.client.move(study: options.text("study", ""), to: options.text("destination", "PLEURA")))")
    case "commit":
        let references = zip(options.all("class"), options.all("instance")).map { SOPReference(classUID: $0, instanceUID: $1) }
        let result = try options.client.requestCommitment(
            transactionUID: "2.25.\(UInt32.random(in: 1...(.max)))", of: references, wait: options.number("wait", 0))
        say("\(String(describing: result))")
    default:
        say("usage: dicom-peer receive|echo|send|worklist|studies|move|commit [--name value]... [files]")
        exit(2)
    }
} catch {
    say("FAILED: \(error)")
    exit(1)
}
