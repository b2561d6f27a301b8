import Archive
import Basics
import Foundation
import PleuraTesting
import Testing
import Workstation

/// Programs that come in by a bearer token.
@Suite struct TokenTests {
    private static func program(_ room: Room, _ arguments: [String]) throws -> (status: Int32, output: String, errors: String) {
        let data = ["--data", room.folder.file("archive").path]
        let run = try Shell.run(program: try ProgramUnderTest.file("pleura-serve").path, ["serve", "token"] + arguments + data)
        return (run.status, run.output, run.errors)
    }

    @Test func aTokenOpensTheInterfaceUnderItsName() throws {
        let room = try Room()
        let added = try Self.program(room, ["add", "PACS", "--role", "reader", "--days", "30"])
        let token = added.output.trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(added.status == 0 && token.utf8.count == 43, "\(added.errors)")
        let session = try room.request("GET", "/api/v1/session", token: token).json as? [String: Any] ?? [:]
        #expect(session.text("user") == "token:pacs" && session.text("role") == "reader")
        #expect(try room.request("GET", "/api/v1/studies", token: token).status == 200)
        _ = try room.request("POST", "/api/v1/instances?name=a.png", token: token, body: try Room.cell(1, 1))
        let entries = try room.get("/api/v1/audit").list("entries")
        #expect(entries.contains { $0.text("action") == "instance.add" && $0.text("user") == "token:pacs" })
        #expect(entries.contains { $0.text("action") == "token.add" && $0.text("user") == "operator" })
        #expect(!entries.contains { $0.text("detail")?.contains(token) == true } && !room.server.log.contains(token))
        // The same name is not given twice, and names are names.
        #expect(try Self.program(room, ["add", "pacs"]).status == 2)
        for name in ["a:b", "a b", String(repeating: "a", count: 65)] {
            #expect(try Self.program(room, ["add", name]).status == 2, "\(name)")
        }
        #expect(try Self.program(room, ["add", "long", "--days", "100000"]).status == 2)
        let listed = try Self.program(room, ["list"]).output
        #expect(listed.hasPrefix("pacs\treader\tends ") && !listed.contains(token))
    }

    @Test func aTokenEnds() async throws {
        let room = try Room()
        let token = try await room.token()
        #expect(try room.request("GET", "/api/v1/session", token: token).status == 200)
        #expect(try Self.program(room, ["end", "peer"]).status == 0)
        #expect(try Self.program(room, ["end", "peer"]).status == 2)
        // The server remembers an answer for five seconds.
        try await Task.sleep(for: .seconds(6))
        #expect(try room.request("GET", "/api/v1/session", token: token).status == 401)
        #expect(try Self.program(room, ["list"]).output.isEmpty)
        let again = try await room.token()
        #expect(again != token)
        #expect(try room.request("GET", "/api/v1/session", token: again).status == 200)
    }

    @Test func aTokenOutlivesWhatEndsACookie() async throws {
        let room = try Room()
        let archive = try room.archive()
        let token = try await room.token("old")
        // As if it had been made and used two weeks ago.
        let digest = Digest(of: token).hexadecimal
        guard var session = try await archive.session(tokenDigest: digest) else {
            Issue.record("the token is not there")
            return
        }
        session.began = Date().addingTimeInterval(-14 * 86_400)
        session.lastUsed = session.began
        try await archive.addSession(session)
        #expect(try room.request("GET", "/api/v1/session", token: token).status == 200)
        let used = try await archive.session(tokenDigest: digest)
        #expect(abs((used?.ends ?? .distantPast).timeIntervalSince(session.ends)) < 1, "its end stays")
        session.ends = Date().addingTimeInterval(-1)
        try await archive.addSession(session)
        try await Task.sleep(for: .seconds(6))
        #expect(try room.request("GET", "/api/v1/session", token: token).status == 401)
    }

    @Test func neitherTakesTheOthersWay() async throws {
        let room = try Room()
        let token = try await room.token()
        let cookie = String(room.server.cookie.split(separator: "=", maxSplits: 1).last ?? "")
        #expect(try room.request("GET", "/api/v1/session", token: cookie).status == 401)
        #expect(try room.server.request("GET", "/api/v1/session", fields: ["Cookie": "pleura=\(token)"]).status == 401)
        for field in ["Bearer", "Bearer ", "Basic \(token)", "Bearer \(token) x", "Bearer \(token.dropLast())", token] {
            let answer = try SocketClient(port: room.server.port).request(
                "GET", "/api/v1/session", host: room.server.host, fields: ["Authorization": field, "Connection": "close"])
            #expect(answer.status == 401 && answer.fields["www-authenticate"]?.hasPrefix("Bearer") == true, "\(field.prefix(8))")
        }
    }

    /// dicomweb-client names the host without its port.
    @Test func aProgramMayLeaveThePortOut() async throws {
        let room = try Room()
        let token = try await room.token()
        for (host, status) in [("127.0.0.1", 200), ("localhost", 200), ("127.0.0", 421), ("evil.example", 421), ("127.0.0.1:1", 421)] {
            let answer = try SocketClient(port: room.server.port).request(
                "GET", "/dicom-web/studies", host: host, fields: ["Authorization": "Bearer \(token)", "Connection": "close"])
            #expect(answer.status == status, "\(host): \(answer.status)")
        }
    }

    @Test func aTokenNeedsNoOriginAndMayNotWhatPersonsMay() async throws {
        let room = try Room()
        let token = try await room.token()
        let (study, _) = try room.addAndRead(try Room.cell(2, 1))
        let json = ["Content-Type": "application/json"]
        let foreign = json.merging(["Origin": "https://viewer.example", "Sec-Fetch-Site": "cross-site"]) { $1 }
        let urgency = Data(#"{"urgency":"stat"}"#.utf8)
        #expect(try room.request("POST", "/api/v1/studies/\(study)/urgency", token: token, body: urgency, fields: foreign).status == 200)
        // With a cookie beside it the request may be a browser's.
        let mixed = foreign.merging(["Cookie": room.server.cookie]) { $1 }
        #expect(try room.request("POST", "/api/v1/studies/\(study)/urgency", token: token, body: urgency, fields: mixed).status == 403)
        for target in ["/api/v1/users", "/api/v1/audit", "/api/v1/patient-changes", "/fhir/AuditEvent"] {
            #expect(try room.request("GET", target, token: token).status == 403, "\(target)")
        }
        let review = Data(#"{"findings":[],"sign":true}"#.utf8)
        let signed = try room.request("POST", "/api/v1/studies/\(study)/review", token: token, body: review, fields: json)
        #expect(signed.status == 403 && (signed.json as? [String: Any])?.text("code") == "not_a_person")
        let administrator = try await room.token("boss", role: .administrator)
        #expect(try room.request("GET", "/api/v1/audit", token: administrator).status == 200)
    }
}
