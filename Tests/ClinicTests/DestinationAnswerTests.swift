import Archive
import Clinic
import Department
import DepartmentTesting
import Foundation
import HL7
import Logging
import Peers
import PeersTesting
import PleuraTesting
import SettingsFiles
import Synchronization
import Testing

/// How often something was asked for.
private final class Count: Sendable {
    private let value = Mutex(0)
    func next() -> Int {
        value.withLock { value in
            value += 1
            return value
        }
    }
    var number: Int { value.withLock { $0 } }
}

/// A destination that answers with every kind of error, slowly, half, or twice.
@Suite(.serialized) struct DestinationAnswerTests {
    /// Answers each whole request by its number, from 1.
    private func server(_ answer: @escaping @Sendable (_ number: Int, _ request: String, ScriptedServer.Connection) -> Void) async throws
        -> (ScriptedServer, Count)
    {
        let count = Count()
        let answered = Mutex<[Int: Int]>([:])
        let server = try await ScriptedServer.start { connection in
            // Of a connection that is kept, only what came after the last request.
            let done = answered.withLock { $0[connection.number] ?? 0 }
            let rest = connection.received.dropFirst(done)
            guard let end = rest.firstRange(of: Data("\r\n\r\n".utf8)) else { return }
            let head = String(decoding: rest[rest.startIndex..<end.lowerBound], as: UTF8.self).lowercased()
            let length = head.split(separator: "\r\n").first { $0.hasPrefix("content-length:") }.flatMap {
                Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces))
            }
            let isWhole =
                length.map { rest.distance(from: end.upperBound, to: rest.endIndex) >= $0 }
                ?? rest.suffix(5).elementsEqual("0\r\n\r\n".utf8)
            guard isWhole else { return }
            answered.withLock { $0[connection.number] = connection.received.count }
            answer(count.next(), String(decoding: rest, as: UTF8.self), connection)
        }
        return (server, count)
    }

    private static func http(_ status: String, _ body: String = "{}", more: String = "") -> String {
        "HTTP/1.1 \(status)\r\nContent-Type: application/fhir+json\r\nContent-Length: \(body.utf8.count)\r\n\(more)\r\n\(body)"
    }

    /// A transaction's answer with so many entries.
    private static func entries(_ count: Int, status: String = "201 Created") -> String {
        let entry = "{\"response\":{\"status\":\"\(status)\",\"location\":\"DiagnosticReport/1\"}}"
        return
            "{\"resourceType\":\"Bundle\",\"type\":\"transaction-response\",\"entry\":[\(Array(repeating: entry, count: count).joined(separator: ","))]}"
    }

    private func room(_ destination: String) async throws -> DepartmentUnderTest {
        let folder = try TemporaryFolder()
        try "0123456789abcdef0123".write(to: folder.file("secret"), atomically: true, encoding: .utf8)
        let yaml = """
            retry: {first_seconds: 0.02, longest_seconds: 0.05, most_attempts: 6}
            destinations: [\(destination)]
            """
        let clinic = try ClinicServices(
            try ClinicConfiguration(try SettingsTable(yaml: yaml, folder: folder.url)), productVersion: "0",
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        return try await DepartmentUnderTest(in: folder, delivery: clinic.delivery)
    }

    /// Adds an image and waits for what becomes of its result.
    private func delivered(_ room: DepartmentUnderTest) async throws -> [Delivery] {
        _ = try await room.add(DepartmentUnderTest.dicom(), name: "a.dcm")
        try await room.deliver()
        let all = try await room.archive.deliveries(states: [], destination: nil, study: nil, before: nil, limit: 20)
        await room.department.stop()
        return all
    }

    /// Errors that pass are tried again, until it is taken: once.
    @Test func errorsThatPassAreTriedAgain() async throws {
        let (server, count) = try await server { number, request, connection in
            switch number {
            case 1: connection.send(Self.http("503 Busy"))
            case 2: connection.close()
            case 3: connection.send("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhalf"); connection.close()
            case 4: connection.send(Self.http("429 Later"))
            default: connection.send(Self.http("200 OK", Self.entries(request.matches(of: /"fullUrl"/).count)))
            }
        }
        let found = try await delivered(try await room("{name: ehr, fhir: \"http://127.0.0.1:\(server.port)/fhir\"}"))
        #expect(found.map(\.state) == [.delivered])
        #expect(found.first?.proof == "200 DiagnosticReport/1", "\(found.first?.lastError ?? "")")
        #expect(count.number == 5)
        await server.stop()
    }

    /// Errors that do not pass are shown at once.
    @Test(arguments: ["400 Bad", "404 None", "422 Wrong", "301 Moved", "410 Gone"]) func errorsForGoodAreShown(status: String) async throws
    {
        let (server, count) = try await server { _, _, connection in
            connection.send(Self.http(status, more: status.hasPrefix("301") ? "Location: http://elsewhere.example/\r\n" : ""))
        }
        let found = try await delivered(try await room("{name: ehr, fhir: \"http://127.0.0.1:\(server.port)/fhir\"}"))
        #expect(found.map(\.state) == [.failed] && count.number == 1)
        #expect(found.first?.lastError == "answered \(status.prefix(3))")
        await server.stop()
    }

    /// What is never taken is given up at last, and shown.
    @Test func whatIsNeverTakenIsGivenUp() async throws {
        let (server, count) = try await server { _, _, connection in connection.send(Self.http("500 Broken")) }
        let found = try await delivered(try await room("{name: ehr, fhir: \"http://127.0.0.1:\(server.port)/fhir\"}"))
        #expect(found.map(\.state) == [.failed] && count.number == 6)
        await server.stop()
    }

    /// 200 that names nothing is not "stored".
    @Test func aStoreThatStoresNothingIsSeen() async throws {
        let (server, count) = try await server { _, _, connection in connection.send(Self.http("200 OK", "{}")) }
        let found = try await delivered(
            try await room("{name: web, dicomweb: \"http://127.0.0.1:\(server.port)/dicom-web\", sends: [sr]}"))
        #expect(found.map(\.state) == [.failed] && count.number == 6)
        await server.stop()
    }

    /// A conflict that names nothing is not "stored" either.
    @Test func aConflictThatNamesNothingIsSeen() async throws {
        let (server, _) = try await server { _, _, connection in
            connection.send(Self.http("409 Conflict", "{\"00081198\":{\"vr\":\"SQ\",\"Value\":[]}}"))
        }
        let found = try await delivered(
            try await room("{name: web, dicomweb: \"http://127.0.0.1:\(server.port)/dicom-web\", sends: [sr]}"))
        #expect(found.map(\.state) == [.failed] && found.first?.lastError?.contains("did not say") == true)
        await server.stop()
    }

    /// A webhook gets what is urgent alone, signed, and no patient.
    @Test func aWebhookIsSigned() async throws {
        let got = Mutex<[Data]>([])
        let (server, _) = try await server { _, _, connection in
            got.withLock { $0.append(connection.received) }
            connection.send(Self.http("204 Done", ""))
        }
        let found = try await delivered(
            try await room("{name: bell, webhook: \"http://127.0.0.1:\(server.port)/\", secret_file: secret, only_urgent: false}"))
        #expect(found.map(\.state) == [.delivered] && found.first?.proof == "204")
        let request = try #require(got.withLock { $0.first })
        let end = try #require(request.firstRange(of: Data("\r\n\r\n".utf8)))
        let head = String(decoding: request[..<end.lowerBound], as: UTF8.self)
        let signature = try #require(head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("pleura-signature:") })
        let value = signature.dropFirst("Pleura-Signature:".count).trimmingCharacters(in: .whitespaces)
        let body = Data(request[end.upperBound...])
        #expect(WebhookSignature.isValid(value, for: body, secret: Data("0123456789abcdef0123".utf8), at: Date()))
        let text = String(decoding: body, as: UTF8.self)
        #expect(!text.contains("DOE") && !text.contains("P1") && text.contains("Research use only"))
        await server.stop()
    }

    /// A RIS that says no, says nothing, says it for another message, or says it twice.
    @Test func messagesAreAnsweredInEveryWay() async throws {
        let seen = Count()
        let ris = try await MLLPServer.start(
            MLLPServer.Settings(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ) { bytes, _ in
            guard let message = try? HL7Message(Array(bytes)) else { return [] }
            let writer = AcknowledgementWriter()
            let good = Data(writer.answer(to: message, .applicationAccept, date: Date()))
            switch seen.next() {
            case 1: return []
            case 2: return [Data("MSH|^~\\&|RIS||PLEURA||20261130||ACK|1|P|2.5.1\rMSA|AA|OTHER\r".utf8)]
            case 3: return [Data("what?".utf8)]
            default: return [good, good]
            }
        }
        let found = try await delivered(try await room("{name: ris, hl7: \"127.0.0.1:\(ris.port)\", answer_seconds: 0.3}"))
        #expect(found.map(\.state) == [.delivered] && found.first?.proof == "AA" && found.first?.attempts == 4)
        await ris.stop(grace: .seconds(1))
    }

    @Test func aRejectionIsShown() async throws {
        let ris = try await MLLPServer.start(
            MLLPServer.Settings(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ) { bytes, _ in
            guard let message = try? HL7Message(Array(bytes)) else { return [] }
            return [
                Data(
                    AcknowledgementWriter().answer(
                        to: message, .applicationReject, error: HL7Error(.badValue, "no such patient"), date: Date()))
            ]
        }
        let found = try await delivered(try await room("{name: ris, hl7: \"127.0.0.1:\(ris.port)\"}"))
        #expect(found.map(\.state) == [.failed] && found.first?.lastError == "answered AR")
        await ris.stop(grace: .seconds(1))
    }
}
