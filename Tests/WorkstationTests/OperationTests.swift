import Archive
import Foundation
import Logging
import PleuraTesting
import Synchronization
import Testing
import Workstation

/// What those who run a reading room ask it: is it ready, what happened, what may be sent to others.
@Suite(.timeLimit(.minutes(10))) struct OperationTests {
    @Test func readinessFollowsTheDisk() throws {
        let room = try Room()
        let ready = try room.server.request("GET", "/api/v1/ready", fields: ["Cookie": ""])
        #expect(ready.status == 200 && (ready.json as? [String: Any])?["ready"] as? Bool == true)
        // A reserve that no disk has.
        let folder = try TemporaryFolder()
        try "reserved_mb: 1048576\n".write(to: folder.file("pleura.yaml"), atomically: true, encoding: .utf8)
        let full = try Room(["--config", folder.file("pleura.yaml").path])
        let answer = try full.server.request("GET", "/api/v1/ready", fields: ["Cookie": ""])
        let said = answer.json as? [String: Any] ?? [:]
        #expect(answer.status == 503 && said["ready"] as? Bool == false && said["reasons"] as? [String] == ["disk_full"])
        #expect(try full.get("/api/v1/health").text("status") == "degraded")
    }

    @Test func theForecastIsInTheMetricsWhereSomethingCame() throws {
        let room = try Room()
        #expect(try room.get("/api/v1/health").number("disk_full_in_days") == nil)
        _ = try room.addAndRead(try Room.cell(1, 1))
        try room.restart()
        // A file of some hundred bytes a day: not within a hundred years on any disk, so that it is left out.
        let metrics = String(decoding: try room.server.request("GET", "/metrics").body, as: UTF8.self)
        #expect(metrics.contains("pleura_disk_free_bytes ") && metrics.contains("pleura_jobs_waiting "))
    }

    @Test func theDashboardAsksForMetricsThatThereAre() throws {
        let room = try Room()
        _ = try room.addAndRead(try Room.cell(1, 1))
        let metrics = String(decoding: try room.server.request("GET", "/metrics").body, as: UTF8.self)
        // These stand there only at a site with destinations or with much to keep.
        let others: Set<String> = ["pleura_deliveries", "pleura_destination_away", "pleura_disk_full_days"]
        let told = Set(metrics.matches(of: #/# TYPE (\w+) /#).map { String($0.1) })
            .union(metrics.matches(of: #/(?m)^(pleura_\w+)/#).map { String($0.1) })
        let file = Repository.root.appendingPathComponent("Packaging/grafana-dashboard.json")
        let document = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
        let expressions = document.list("panels").flatMap { $0.list("targets") }.compactMap { $0.text("expr") }
        #expect(expressions.count >= 10)
        for expression in expressions {
            let asked = expression.matches(of: #/pleura_\w+/#).map { String($0.0) }
            #expect(!asked.isEmpty && asked.allSatisfy { told.contains($0) || others.contains($0) }, "\(expression)")
        }
    }

    @Test func theLogForProgramsIsAnObjectALine() throws {
        let room = try Room(["--log", "json", "--add", "/nowhere/a.png"])
        _ = try room.addAndRead(Data("no image".utf8), name: "DOE^JANE.dcm")
        var lines: [String] = []
        for _ in 0..<200 {
            lines = room.server.log.split(separator: "\n").map(String.init)
            if lines.contains(where: { $0.contains("images added") }) { break }
            usleep(20_000)
        }
        #expect(lines.count >= 3)
        for line in lines {
            let event = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
            #expect(event["label"] as? String == "pleura" && (event["message"] as? String)?.isEmpty == false)
            let time = try #require(event["time"] as? String)
            #expect(time.wholeMatch(of: #/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/#) != nil, "\(time)")
        }
        #expect(!room.server.log.contains("JANE"))
    }

    @Test func ofAnErrorTheLogHasTheKindAlone() throws {
        struct Stumbled: Error { let over = "DOE^JANE" }
        let lines = Mutex<[String]>([])
        var logger = Logger(label: "test") { label in JSONLogHandler(label: label) { line in lines.withLock { $0.append(line) } } }
        logger[metadataKey: "job"] = "7"
        logger.log(level: .error, "a \"word\"\nand another", error: Stumbled(), metadata: ["try": "2"])
        logger.info("below the level")
        let line = try #require(lines.withLock { $0 }.first)
        #expect(lines.withLock { $0.count } == 1 && line.hasSuffix("}\n") && line.split(separator: "\n").count == 1)
        let event = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect(event["error"] as? String == "Stumbled" && event["message"] as? String == "a \"word\"\nand another")
        #expect(event["metadata"] as? [String: String] == ["job": "7", "try": "2"] && event["level"] as? String == "error")
        #expect(!line.contains("JANE"))
    }

    /// Every text of a patient, a person, a place or a file that can come into an archive is looked for in what leaves it.
    @Test func theSupportReportTellsOfNobody() async throws {
        let room = try Room()
        let (study, _) = try room.addAndRead(try Room.cell(1, 1), name: "CANARY-FILE.png")
        let archive = try room.archive()
        try await archive.addUser(
            User(name: "canary-user", role: .administrator, passwordHash: "CANARY-HASH", isDisabled: false, made: Date()))
        try await archive.appendAudit([AuditEvent(user: "canary-user", action: "look", study: nil, detail: "CANARY-DETAIL")])
        try "data: \(room.folder.file("archive").path)\nhosts: [canary.example]\nmodel: \(room.folder.file("tiny").path)\n"
            .write(to: room.folder.file("canary.yaml"), atomically: true, encoding: .utf8)
        let result = try Shell.run(
            program: ProgramUnderTest.file("pleura-serve").path, ["support", "--config", room.folder.file("canary.yaml").path],
            directory: room.folder.url, environment: ["XDG_CACHE_HOME": room.folder.file("cache").path])
        #expect(result.status == 0, "\(result.errors)")
        let document = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        let told = document.object("reading_room")
        #expect(told.object("studies").number("read") == 1 && told.object("users").number("administrator") == 1)
        #expect(told.number("structural_faults") == 0 && told.object("settings").number("other_hosts") == 1)
        #expect(document.object("installation").list("engines").contains { $0.text("name") == "OpenVINO" && $0.text("version") != nil })
        for word in ["canary", "CANARY", study, room.folder.url.path, ProcessInfo.processInfo.hostName, NSUserName() + "@"] {
            #expect(!result.output.contains(word), "\(word)")
        }
        // And a machine without a reading room can be told of, too.
        let bare = try Shell.run(
            program: ProgramUnderTest.file("pleura-serve").path, ["support", "--data", room.folder.file("none").path],
            environment: ["XDG_CACHE_HOME": room.folder.file("cache").path])
        #expect(bare.status == 0 && !bare.output.contains("reading_room") && bare.output.contains("\"installation\""))
    }
}
