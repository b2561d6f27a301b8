import Archive
import Department
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

extension WorkstationAPI {
    private struct TakenWire: Encodable {
        var id: String
        var study: String
        var duplicate: Bool
        var name: String
    }
    private struct RefusedWire: Encodable {
        var name: String
        var reason: String
        var code: String
    }
    private struct IntakeWire: Encodable {
        var instances: [TakenWire]
        var refused: [RefusedWire]
    }

    func intakeRoutes(_ routes: Routes) {
        routes.post("/api/v1/instances") { request, context in
            do {
                return try await take(request, context)
            } catch {
                // What is left of the body is not waited for.
                context.closeSoon()
                throw error
            }
        }
    }

    private func take(_ request: Request, _ context: WorkstationContext) async throws -> Response {
        guard let name = request.text("name"), !name.isEmpty, name.utf8.count <= 4_096 else {
            throw Problem(.unprocessableContent, "bad_parameter", "name is what the file is called, of at most 4096 bytes")
        }
        let wanted = request.text("protocol")
        guard wanted == nil || department.settings.protocols.contains(where: { $0.name == wanted }) else {
            throw Problem(.unprocessableContent, "bad_parameter", "there is no such protocol")
        }
        let length = request.headers[.contentLength].flatMap(Int.init)
        if let length, length > configuration.mostUploadBytes { throw tooLarge }
        let free = Self.freeBytes(configuration.data)
        guard free - Int64(length ?? 0) > configuration.reservedBytes else {
            throw Problem(ArchiveError(.noSpace, "the disk is full"))
        }
        let file = try IncomingFile(in: archive.content)
        try await receive(request.body, into: file, length: length)
        let result = try await department.intake.take(file, name: name, protocolName: wanted)
        let duplicates = result.taken.count(where: \.isDuplicate)
        metrics.received(
            bytes: file.count, taken: result.taken.count - duplicates, duplicates: duplicates, refused: result.refused.count)
        if !result.taken.isEmpty {
            // An entry a study, however many files a ZIP archive had.
            let studies = Dictionary(grouping: result.taken, by: \.study)
            let events = studies.map { study, taken in
                AuditEvent(user: context.user, action: "instance.add", study: study, detail: "\(taken.count)")
            }
            try await archive.appendAudit(events)
        }
        let wire = IntakeWire(
            instances: result.taken.map {
                TakenWire(id: $0.instance.rawValue, study: $0.study.rawValue, duplicate: $0.isDuplicate, name: $0.name)
            },
            refused: result.refused.map { RefusedWire(name: $0.name, reason: $0.reason, code: $0.code) })
        guard !result.taken.isEmpty else {
            throw Problem(
                .unprocessableContent, "refused", result.refused.count == 1 ? result.refused[0].reason : "no file was taken",
                members: [
                    "instances": "[]", "refused": String(decoding: try JSONText.data(wire.refused), as: UTF8.self),
                ])
        }
        return try JSONText.response(wire, status: .created)
    }

    /// Streams a body to a file: memory is one network read, and the network waits while the disk writes.
    private func receive(_ body: RequestBody, into file: IncomingFile, length: Int?) async throws {
        let start = ContinuousClock.now
        do {
            for try await chunk in body {
                guard file.count + chunk.readableBytes <= configuration.mostUploadBytes else { throw tooLarge }
                // Time-outs see silence only; a body that drips keeps its place for ever otherwise.
                let seconds = Double((ContinuousClock.now - start).components.seconds)
                if seconds > Self.graceSeconds, Double(file.count) < (seconds - Self.graceSeconds) * Self.slowestBytesPerSecond {
                    throw Problem(.requestTimeout, "too_slow", "the body comes too slowly")
                }
                try file.write(chunk.readableBytesView)
            }
        } catch let error as Problem {
            throw error
        } catch let error as ArchiveError {
            throw error
        } catch {
            // The client went, or its chunks are none.
            throw Problem(.badRequest, "cut_off", "the body ended before its time")
        }
        guard length == nil || file.count == length else { throw Problem(.badRequest, "cut_off", "the body is not as long as it says") }
    }

    private static let graceSeconds = 10.0
    private static let slowestBytesPerSecond = 1_024.0

    private var tooLarge: Problem {
        Problem(
            .contentTooLarge, "too_large", "a file of at most \(configuration.mostUploadBytes >> 20) MB",
            members: ["maximum_bytes": String(configuration.mostUploadBytes)])
    }
}
