import Archive
import DICOMWeb
import Department
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// Storing (STOW-RS, PS3.18 10.5): parts are written to disk as they come, and taken one by one. What the answer names as stored is on the disk.
extension WorkstationAPI {
    func store(_ request: Request, _ context: WorkstationContext) async throws -> Response {
        let type = try Representation.json(accept: request.headers[.accept])
        let study = try context.parameters.get("study").map { try DICOMWebAddress.uid($0) }
        let parser = try STOWRequest.parser(
            contentType: request.headers[.contentType],
            limits: MultipartParser.Limits(parts: Self.mostParts, partBytes: configuration.mostUploadBytes))
        let length = request.headers[.contentLength].flatMap(Int.init)
        if let length, length > configuration.mostUploadBytes { throw storedTooMuch }
        guard Self.freeBytes(configuration.data) - Int64(length ?? 0) > configuration.reservedBytes else {
            throw Problem(ArchiveError(.noSpace, "the disk is full"))
        }
        var storing = StoringParts(api: self, study: study, web: webAddress(request))
        let fault = await storing.take(request.body, parser)
        try await storing.note(by: context.user)
        if let fault {
            // What was stored is told all the same: whoever reads no answer sends it again, and it is there once.
            guard !storing.answer.stored.isEmpty else { throw fault }
            context.closeSoon()
        }
        guard !storing.answer.stored.isEmpty || !storing.answer.failed.isEmpty else {
            throw DICOMWebError(.badMultipart, "the body has no parts")
        }
        return Self.dicomJSON(storing.answer.dataset.data, type, status: storing.answer.status)
    }

    private static let mostParts = 10_000

    var storedTooMuch: Problem {
        Problem(
            .contentTooLarge, "too_large", "a body of at most \(configuration.mostUploadBytes >> 20) MB",
            members: ["maximum_bytes": String(configuration.mostUploadBytes)])
    }
}

/// The parts of a store request on their way into the archive.
private struct StoringParts {
    let api: WorkstationAPI
    /// The only study that is taken; `nil` for any.
    let study: String?
    let web: DICOMWebAddress
    private(set) var answer = STOWResponse()
    private var events: [AuditEvent] = []
    private var file: IncomingFile?
    private var (bytes, partCount) = (0, 0)

    init(api: WorkstationAPI, study: String?, web: DICOMWebAddress) { (self.api, self.study, self.web) = (api, study, web) }

    private static let graceSeconds = 10.0
    private static let slowestBytesPerSecond = 1_024.0

    /// - Returns: Why the body was not taken to its end.
    mutating func take(_ body: RequestBody, _ parser: MultipartParser) async -> (any Error)? {
        var parser = parser
        let start = ContinuousClock.now
        do {
            for try await chunk in body {
                bytes += chunk.readableBytes
                guard bytes <= api.configuration.mostUploadBytes else { throw api.storedTooMuch }
                // A body that drips keeps its place for ever otherwise.
                let seconds = Double((ContinuousClock.now - start).components.seconds)
                if seconds > Self.graceSeconds, Double(bytes) < (seconds - Self.graceSeconds) * Self.slowestBytesPerSecond {
                    throw Problem(.requestTimeout, "too_slow", "the body comes too slowly")
                }
                var parsed: [MultipartParser.Event] = []
                try parser.push(chunk.readableBytesView) { parsed.append($0) }
                for event in parsed { try await take(event) }
            }
            try parser.finish()
            return nil
        } catch {
            // The part that was under way, and whatever would have followed.
            let isFull = (error as? ArchiveError)?.code == .noSpace
            answer.failed.append(STOWResponse.Failed(reason: isFull ? .outOfResources : .processingFailure))
            file = nil
            if error is Problem || error is ArchiveError || error is DICOMWebError { return error }
            return Problem(.badRequest, "cut_off", "the body ended before its time")
        }
    }

    private mutating func take(_ event: MultipartParser.Event) async throws {
        switch event {
        case .begin(let fields):
            partCount += 1
            file = STOWRequest.isInstance(fields) ? try IncomingFile(in: api.archive.content) : nil
            if file == nil { answer.failed.append(STOWResponse.Failed(reason: .cannotUnderstand)) }
        case .body(let data): try file?.write(data)
        case .end:
            guard let whole = file else { return }
            file = nil
            try await take(whole)
        }
    }

    private mutating func take(_ file: IncomingFile) async throws {
        let header: DICOMJSON
        do {
            header = try await api.department.work.run {
                let data = try file.bytes()
                // Whole files of PS3.10, not pictures, and no ZIP archives, which other ways in take.
                guard data.count > 132, data[data.startIndex + 128..<data.startIndex + 132].elementsEqual("DICM".utf8) else {
                    throw DICOMWebError(.unreadable, "the part is no DICOM file")
                }
                return try InstanceMetadata(data, bulkDataURI: "").dataset()
            }
        } catch is DICOMWebError {
            return answer.failed.append(STOWResponse.Failed(reason: .cannotUnderstand))
        }
        let (sopClass, sopInstance) = (header.text(.sopClassUID), header.text(.sopInstanceUID))
        guard study == nil || header.text(.studyInstanceUID) == study else {
            return answer.failed.append(STOWResponse.Failed(sopClass: sopClass, sopInstance: sopInstance, reason: .otherStudy))
        }
        let size = file.count
        let result = try await api.department.intake.take(file, name: "\(sopInstance ?? "part \(partCount)").dcm", protocolName: nil)
        let duplicates = result.taken.count(where: \.isDuplicate)
        api.metrics.received(bytes: size, taken: result.taken.count - duplicates, duplicates: duplicates, refused: result.refused.count)
        if let refused = result.refused.first {
            return answer.failed.append(
                STOWResponse.Failed(sopClass: sopClass, sopInstance: sopInstance, reason: Self.reason(refused.code)))
        }
        for taken in result.taken {
            guard let instance = try await api.archive.instance(taken.instance), let study = try await api.archive.study(taken.study) else {
                continue
            }
            let object = StoredObject(instance, of: study)
            answer.stored.append(
                STOWResponse.Stored(
                    sopClass: instance.sopClassUID ?? sopClass ?? "", sopInstance: instance.sopInstanceUID, retrieveURL: object.address(web)
                ))
            answer.retrieveURL = answer.stored.count == 1 || answer.retrieveURL == web.study(study.uid) ? web.study(study.uid) : nil
            events.append(AuditEvent(user: "", action: "instance.add", study: study.id))
        }
    }

    /// Words of the rooms below as DICOM's reasons.
    private static func reason(_ code: String) -> STOWResponse.Failure {
        switch code {
        // PS3.18 I.2.2: the SOP Instance UID is there with other content.
        case "conflict": STOWResponse.Failure(rawValue: 0x0111)
        case "too_large", "out_of_memory": .outOfResources
        case "unsupported", "no_pixels", "no_image": .sopClassNotSupported
        default: .cannotUnderstand
        }
    }

    /// One entry a study, however many parts it had.
    func note(by user: String) async throws {
        let studies = Dictionary(grouping: events, by: \.study)
        guard !studies.isEmpty else { return }
        try await api.archive.appendAudit(
            studies.map { AuditEvent(user: user, action: "instance.add", study: $0, detail: "\($1.count) by DICOMweb") })
    }
}
