import Archive
import Basics
import Department
import FHIR
import Foundation
import HL7
import ResultObjects
import Results
import Terminology

/// A folder that another program empties: a file a result, which appears whole.
public struct FolderDestination: Destination {
    public let name: String
    public let rules: DestinationRules
    public let scope = ResultScope.reading
    public let batch = 64
    let folder: URL
    let options: ResultObjectOptions
    /// Messages besides objects: `oru`, `fhir`.
    let messages: Set<String>
    let site: HL7Site
    let fhir: FHIROptions
    let maker: ResultMaker
    let work: BlockingWork

    public func files(for result: StudyResult, previous: StudyResult?, sources: any ResultSources) async throws -> [OutgoingFile] {
        var files: [OutgoingFile] = []
        if !options.kinds.isEmpty, result.images.contains(where: \.wasRead) {
            files += try await maker.objects(of: result, previous: previous, options: options, sources: sources).map(OutgoingFile.init)
        }
        let maker = ProvedMessages(terminology: maker.terminology)
        if messages.contains("oru") {
            let message = try maker.oru(result, destination: name, site: site)
            files.append(OutgoingFile(identifier: "\(name):oru:\(result.identifier)", kind: "oru", rank: 0, bytes: message))
        }
        if messages.contains("fhir") {
            let bundle = try maker.transaction(result, replacing: previous, options: fhir)
            files.append(OutgoingFile(identifier: "\(name):fhir:\(result.identifier)", kind: "fhir", rank: 0, bytes: bundle))
        }
        return files
    }

    public func send(
        _ deliveries: [OutgoingDelivery], outcome: @escaping @Sendable (Int64, SendingOutcome) async -> Void
    ) async {
        let folder = folder
        for delivery in deliveries {
            let file = delivery.delivery.file
            let suffix = ["oru": "hl7", "fhir": "json"][file.kind] ?? "dcm"
            let name = "\(file.kind)-\(file.identifier.split(separator: ":").last ?? "file").\(suffix)"
            do {
                try await work.run {
                    let bytes = try Data(contentsOf: delivery.file, options: .mappedIfSafe)
                    let place = folder.appendingPathComponent(file.study.rawValue, isDirectory: true)
                    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
                    try AtomicFile.write(bytes, to: place.appendingPathComponent(name))
                }
                await outcome(delivery.delivery.id, .delivered(proof: "written"))
            } catch {
                await outcome(delivery.delivery.id, .unreachable("the folder cannot be written"))
                return
            }
        }
    }
}
