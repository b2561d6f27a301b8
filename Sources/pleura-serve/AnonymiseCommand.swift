import ArgumentParser
import Basics
import Console
import Deidentification
import Foundation
import Outputs

extension DeidentificationOptions.Dates: ExpressibleByArgument {}

struct AnonymiseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "anonymise", abstract: "Take out of DICOM files what tells who the patient is (PS3.15 annex E, basic profile).",
        discussion: """
            Patients, studies and UIDs get others that follow from the key: with the same key the same file gives the same again. Keep the key as a
            password. Pixels stay as they are; where they may show text, a warning says so.
            """)

    @Argument(help: ArgumentHelp("Files, and folders with all that is below them.", valueName: "path"))
    var paths: [String]
    @Option(help: ArgumentHelp("The folder to write; one that is not there yet, or is empty.", valueName: "dir"))
    var out: String
    @Option(help: ArgumentHelp("The file with the key; made where it is not there.", valueName: "file"))
    var key: String
    @Option(help: "What becomes of dates: removed, full (kept), modified (each patient's moved by the same days).")
    var dates: DeidentificationOptions.Dates = .removed
    @Flag(help: "Keep UIDs.")
    var keepUids = false
    @Flag(help: "Keep what tells the device.")
    var keepDevice = false
    @Flag(help: "Keep what tells the institution.")
    var keepInstitution = false
    @Flag(help: "Keep sex, age, size and weight.")
    var keepCharacteristics = false
    @Flag(help: "Keep descriptions that are words of radiography only.")
    var cleanDescriptors = false
    @Flag(help: "Keep a report's codes, numbers and places, without its texts.")
    var cleanReports = false
    @Flag(help: "Refuse files whose pixels may show text, rather than warn.")
    var refuseBurntIn = false
    @OptionGroup var reports: ReportOptions

    private struct Done: Encodable {
        var file: String
        var written: String?
        var warnings: [String]
        var error: String?
        var removed: Int
        var replaced: Int
    }

    func run() throws {
        let files = try paths.flatMap(FilesBelow.files)
        let folder = URL(fileURLWithPath: out, isDirectory: true)
        let contents = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        guard contents.isEmpty else { throw Failure(.wrongUse, "\(out): there is something in it already") }
        let options = DeidentificationOptions(
            dates: dates, retainsUIDs: keepUids, retainsDeviceIdentity: keepDevice, retainsInstitutionIdentity: keepInstitution,
            retainsPatientCharacteristics: keepCharacteristics, cleansDescriptors: cleanDescriptors, cleansStructuredContent: cleanReports,
            burntInText: refuseBurntIn ? .refuse : .warn)
        let deidentifier = Deidentifier(options: options, key: try secret())
        var done: [Done] = []
        for file in files { done.append(one(file, deidentifier, folder)) }
        let failed = done.count { $0.error != nil }
        if reports.printsText {
            StandardOutput.write("\(done.count - failed) of \(done.count) files, without what tells who the patient is, in \(out)\n")
        }
        for file in done {
            for warning in file.warnings { StandardError.failure(file.file, "warning: \(warning)") }
            if let error = file.error { StandardError.failure(file.file, error) }
        }
        try reports.write("dicom anonymise", ["files": done])
        guard failed == 0 else { throw Failure(.someInputsFailed, "") }
    }

    /// Files are named by their new UIDs: an old name often tells the patient.
    private func one(_ path: String, _ deidentifier: Deidentifier, _ folder: URL) -> Done {
        do {
            let found = try deidentifier.deidentify(try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe))
            let place = folder.appendingPathComponent(found.patientID).appendingPathComponent(found.studyInstanceUID)
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            // One instance may come in two files, as in two encodings.
            var target = place.appendingPathComponent(found.sopInstanceUID + ".dcm")
            var count = 1
            while FileManager.default.fileExists(atPath: target.path) {
                count += 1
                target = place.appendingPathComponent("\(found.sopInstanceUID)-\(count).dcm")
            }
            try AtomicFile.write(found.bytes, to: target)
            return Done(
                file: path, written: target.path, warnings: found.warnings.map(\.description), error: nil,
                removed: found.counts.removed + found.counts.removedPrivate, replaced: found.counts.replaced)
        } catch {
            return Done(file: path, written: nil, warnings: [], error: Failure.reason(error), removed: 0, replaced: 0)
        }
    }

    private func secret() throws -> DeidentificationKey {
        let url = URL(fileURLWithPath: key)
        if !FileManager.default.fileExists(atPath: key) {
            let descriptor = open(key, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw Failure(.somethingMissing, "\(key): \(Descriptor.reason(errno))") }
            defer { close(descriptor) }
            if let number = Descriptor.write(DeidentificationKey.random(), to: descriptor) {
                throw Failure(.somethingMissing, "\(key): \(Descriptor.reason(number))")
            }
            reports.note("a new key is in \(key); without it the same files get other names")
        }
        return try Failure.about(key) { try DeidentificationKey(try Data(contentsOf: url)) }
    }
}
