import Archive
import Clinic
import DICOM
import DICOMNetwork
import Department
import Detection
import Foundation
import Inference
import Logging
import Models
import SettingsFiles

// bench-clinic files|archive FOLDER [MODEL]: a DICOM node that keeps what it gets, until its standard input ends.
//
// `files`: each object a synced file, as `storescp` keeps them. `archive`: each image in the archive, with its row and its job, which nobody does.

/// Keeps each object under its UID.
private struct Keeper: DICOMNodeHandler {
    let folder: URL

    func received(_ object: ReceivedObject) -> DIMSEStatus {
        let target = folder.appendingPathComponent(object.sopInstanceUID)
        guard rename(object.path, target.path) == 0 else { return .outOfResources }
        let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY)
        defer { close(descriptor) }
        return descriptor >= 0 && fsync(descriptor) == 0 ? .success : .outOfResources
    }
}

private func listen(_ port: UInt16) {
    FileHandle.standardOutput.write(Data("listening \(port)\n".utf8))
    while readLine() != nil {}
}

let arguments = CommandLine.arguments
guard arguments.count >= 3 else {
    FileHandle.standardError.write(Data("usage: bench-clinic files|archive FOLDER [MODEL]\n".utf8))
    exit(2)
}
let folder = URL(fileURLWithPath: arguments[2], isDirectory: true)
try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
if arguments[1] == "files" {
    let incoming = folder.appendingPathComponent("incoming")
    try FileManager.default.createDirectory(at: incoming, withIntermediateDirectories: true)
    var settings = DICOMNodeSettings(title: "NODE", listeners: [.init(port: 0)], folder: incoming.path)
    settings.acceptsAnyPeer = true
    let node = try DICOMNode(settings, handler: Keeper(folder: folder))
    listen(node.ports[0])
    node.stop()
} else {
    let archive = try SQLiteArchive(folder: folder)
    let bundle = try ModelStore.standard.bundle(arguments.count > 3 ? arguments[3] : "nih8-fast")
    let detector = try Detector(bundle: bundle, settings: EngineSettings(precision: .f32, threads: 1))
    let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
    let department = try await Department(
        archive: archive, folder: folder, model: ModelReader(service: DetectionService(soon: detector, decoders: .standard)), width: 1,
        logger: logger)
    let table = try SettingsTable(yaml: "{title: NODE, listen: \"127.0.0.1:0\", any_peer: true, reserved_mb: 1}", folder: folder)
    let node = try ImageNode(ClinicConfiguration.Node(table), department: department, destinations: [:], logger: logger)
    listen(node.ports[0])
    node.stop(grace: 2)
}
