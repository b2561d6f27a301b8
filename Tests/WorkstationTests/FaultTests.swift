import Archive
import Foundation
import PleuraTesting
import Radiographs
import Testing

/// How hard the faults are tried: a little in every run of the tests, in earnest by `make test-faults` (PLEURA_FAULTS=1).
private let isInEarnest = ProcessInfo.processInfo.environment["PLEURA_FAULTS"] == "1"

/// What a network, a disk and a power cut can do.
@Suite struct FaultTests {
    /// A picture that no other is like.
    private static func picture(_ number: Int) throws -> Data {
        let levels = (0..<16).map { (cell: Int) -> Double in
            let isBright = (number >> cell) & 1 == 1
            return (isBright ? 0.5 : 0) + 0.2 * Double(cell % 3)
        }
        return try DrawnPictures.cells(levels).png()
    }

    /// Ended at random moments, again and again, while files are sent: whatever was acknowledged is there, once, byte for byte, and is read once.
    @Test func nothingThatWasAcknowledgedIsLostToAKill() async throws {
        let (files, kills) = isInEarnest ? (1_000, 200) : (60, 6)
        let room = try Room()
        var generator = SystemRandomNumberGenerator()
        var acknowledged: [String: Data] = [:]
        var next = 0
        for kill in 0..<kills {
            let until = files * (kill + 1) / kills
            // Some are sent side by side; the server is ended somewhere among them.
            let pending = try (next..<until).map { (number: $0, bytes: try Self.picture($0)) }
            let (port, host, cookie, pid) = (room.server.port, room.server.host, room.server.cookie, room.server.processIdentifier)
            let delay = UInt64.random(in: 0...(isInEarnest ? 60_000_000 : 150_000_000), using: &generator)
            async let killing: Void = {
                try? await Task.sleep(nanoseconds: delay)
                Foundation.kill(pid, SIGKILL)
            }()
            let taken = await withTaskGroup(of: (Int, String?).self) { group in
                for lane in 0..<4 {
                    for file in pending where file.number % 4 == lane {
                        group.addTask {
                            let answer = try? SocketClient(port: port, patience: 10).request(
                                "POST", "/api/v1/instances?name=\(file.number).png", host: host,
                                fields: ["Cookie": cookie, "Connection": "close"], body: file.bytes)
                            guard let answer, answer.status == 201 else { return (file.number, nil) }
                            return (file.number, (answer.json as? [String: Any])?.list("instances").first?.text("id"))
                        }
                    }
                }
                var taken: [(Int, String?)] = []
                for await one in group { taken.append(one) }
                return taken
            }
            await killing
            for case (let number, let id?) in taken { acknowledged[id] = try Self.picture(number) }
            next = until
            try room.restart()
        }
        #expect(!acknowledged.isEmpty)
        print("FaultTests: \(acknowledged.count) of \(files) files acknowledged, the server killed \(kills) times")
        for _ in 0..<1_200 {
            let waiting = try room.get("/api/v1/health").number("waiting") ?? 1
            let running = try room.get("/api/v1/jobs?state=running").list("jobs").count
            if waiting == 0 && running == 0 { break }
            try await Task.sleep(for: .milliseconds(100))
        }
        for (id, bytes) in acknowledged {
            let file = try room.server.request("GET", "/api/v1/instances/\(id)/file")
            #expect(file.status == 200 && file.body == bytes)
            let instance = try room.get("/api/v1/instances/\(id)")
            let study = try room.get("/api/v1/studies/\(instance.text("study") ?? "")")
            #expect(study.list("readings").count == 1 && study.text("status") == "read", "\(id)")
        }
        _ = room.server.stop()
        let check = try Shell.run(
            program: ProgramUnderTest.file("pleura-serve").path, ["archive", "check", "--data", room.folder.file("archive").path])
        #expect(check.status == 0, "\(check.output) \(check.errors)")
    }

    /// A disk that is full: an answer that says so, nothing acknowledged, and it goes on when there is room.
    @Test func aFullDiskIsToldAndGoesOnWhenThereIsRoom() throws {
        guard let (server, disk, folder) = try Self.serverOnSmallDisk() else { return }
        defer {
            _ = try? Shell.run("umount -l '\(disk.path)'")
            withExtendedLifetime(folder) {}
        }
        #expect(try server.add(try Self.picture(1), name: "first.png").status == 201)
        let filler = disk.appendingPathComponent("filler").path
        // In each phase: no room for the body, none for its row, none for the reading.
        for left in isInEarnest ? [0, 1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 96] : [0, 8, 64] {
            _ = try Shell.run("dd if=/dev/zero of='\(filler)' bs=1k count=100000 2>/dev/null; truncate -s -\(left)k '\(filler)'")
            let number = 1_000 + left
            let answer = try server.add(try Self.picture(number), name: "\(number).png")
            #expect([201, 507].contains(answer.status), "\(left) kB: \(answer.status) \(answer.text)")
            if answer.status == 507 { #expect((answer.json as? [String: Any])?.text("code") == "no_space") }
            #expect(server.isRunning)
            try FileManager.default.removeItem(atPath: filler)
            #expect(try server.add(try Self.picture(number), name: "\(number).png").status == 201, "\(left) kB")
        }
        for _ in 0..<200 {
            let answer = try server.request("GET", "/api/v1/studies?status=open&limit=100").json as? [String: Any] ?? [:]
            if answer.object("counts").number("waiting") == 0 { break }
            usleep(100_000)
        }
        let list = try server.request("GET", "/api/v1/studies?limit=100").json as? [String: Any] ?? [:]
        #expect(list.list("studies").allSatisfy { $0.text("status") == "read" })
    }

    /// STOW-RS on a full disk: an answer that names what is stored names all of it, byte for byte, and it goes on when there is room.
    @Test func aFullDiskStoresOverTheWebWhatItSays() throws {
        guard let (server, disk, folder) = try Self.serverOnSmallDisk() else { return }
        defer {
            _ = try? Shell.run("umount -l '\(disk.path)'")
            withExtendedLifetime(folder) {}
        }
        let filler = disk.appendingPathComponent("filler").path
        let fields = ["Content-Type": SentFiles.multipart, "Accept": "application/dicom+json"]
        var number = 0
        for left in isInEarnest ? [0, 1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 96] : [0, 16, 64] {
            _ = try Shell.run("dd if=/dev/zero of='\(filler)' bs=1k count=100000 2>/dev/null; truncate -s -\(left)k '\(filler)'")
            let sent = (number..<number + 6).map { (SentFiles.instance($0), SentFiles.radiograph($0, study: $0)) }
            number += sent.count
            let body = SentFiles.body(sent.map(\.1))
            let full = try server.request("POST", "/dicom-web/studies", body: body, fields: fields)
            #expect([200, 202, 409, 507].contains(full.status), "\(left) kB: \(full.status) \(full.text)")
            let stored = full.status == 507 ? [] : full.dataset.items("00081199").compactMap { $0.value("00081155") }
            if full.status == 202 || full.status == 409 {
                let reasons = (full.dataset.items("00081198") + full.dataset.items("0008119A")).compactMap { $0.value("00081197") }
                #expect(Set(reasons) == [String(0xA700)], "\(left) kB: \(reasons)")
            }
            #expect(server.isRunning)
            try FileManager.default.removeItem(atPath: filler)
            for (index, (uid, bytes)) in sent.enumerated() {
                let place = "/dicom-web/studies/\(SentFiles.study(number - sent.count + index))"
                let answer = try server.request("GET", place, fields: ["Accept": "multipart/related; type=\"application/dicom\""])
                // A 507 acknowledges nothing: what was kept before the audit trail had no room is there, and is there once when it is sent again.
                if full.status != 507 || stored.contains(uid) {
                    #expect((answer.status == 200) == stored.contains(uid), "\(left) kB: \(answer.status)")
                }
                if answer.status == 200 { #expect(answer.body.range(of: bytes) != nil, "\(left) kB: not byte for byte") }
            }
            #expect(try server.request("POST", "/dicom-web/studies", body: body, fields: fields).status == 200, "\(left) kB")
        }
        #expect(try (server.request("GET", "/api/v1/studies?limit=200").json as? [String: Any])?.list("studies").count == number)
    }

    /// `nil`, with a line that says so, where no small file system can be mounted.
    private static func serverOnSmallDisk() throws -> (server: ServerUnderTest, disk: URL, folder: TemporaryFolder)? {
        let folder = try TemporaryFolder()
        let disk = folder.file("disk")
        try FileManager.default.createDirectory(at: disk, withIntermediateDirectories: true)
        guard try Shell.run("mount -t tmpfs -o size=24m tmpfs '\(disk.path)'").status == 0 else {
            print("FaultTests: SKIPPED: a full disk, for no small file system can be mounted here")
            return nil
        }
        try TinyModel.write(to: folder.file("tiny"))
        let configuration = folder.file("pleura.yaml")
        try "reserved_mb: 0\n".write(to: configuration, atomically: true, encoding: .utf8)
        let server = try ServerUnderTest(
            folder: disk.appendingPathComponent("archive"), model: folder.file("tiny"), arguments: ["--config", configuration.path])
        try server.logIn()
        return (server, disk, folder)
    }

    @Test func bodiesThatLieOrBreakOffAreNotTaken() throws {
        let room = try Room()
        let bytes = try Self.picture(3)
        let head = "POST /api/v1/instances?name=a.png HTTP/1.1\r\nHost: \(room.server.host)\r\nCookie: \(room.server.cookie)\r\n"
        // Shorter than promised, then gone.
        do {
            let client = try SocketClient(port: room.server.port)
            client.send(Data("\(head)Content-Length: \(bytes.count + 100)\r\n\r\n".utf8) + bytes)
        }
        // No length at all and no chunks: a request without a body.
        let none = try SocketClient(port: room.server.port)
        none.send(Data("\(head)\r\n".utf8))
        #expect(try none.answer().status == 422)
        // Chunks that are none.
        let broken = try SocketClient(port: room.server.port)
        broken.send(Data("\(head)Transfer-Encoding: chunked\r\n\r\nZZ\r\nhello\r\n".utf8))
        #expect((try? broken.answer().status).map { $0 == 400 } ?? true)
        // Chunks that are.
        let chunked = try SocketClient(port: room.server.port)
        let pieces = stride(from: 0, to: bytes.count, by: 7).map { bytes[$0..<min($0 + 7, bytes.count)] }
        let body = pieces.map { Data("\(String($0.count, radix: 16))\r\n".utf8) + $0 + Data("\r\n".utf8) }.reduce(Data(), +)
        chunked.send(Data("\(head)Transfer-Encoding: chunked\r\n\r\n".utf8) + body + Data("0\r\n\r\n".utf8))
        #expect(try chunked.answer().status == 201)
        #expect(try room.get("/api/v1/studies").list("studies").count == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: room.folder.file("archive/incoming").path).isEmpty)
    }

    @Test func whatIsTooLargeIsRefusedBeforeItIsSent() throws {
        let folder = try TemporaryFolder()
        let configuration = folder.file("pleura.yaml")
        try "most_upload_mb: 1\n".write(to: configuration, atomically: true, encoding: .utf8)
        let room = try Room(["--config", configuration.path])
        let client = try SocketClient(port: room.server.port)
        client.send(
            Data(
                "POST /api/v1/instances?name=a.png HTTP/1.1\r\nHost: \(room.server.host)\r\nCookie: \(room.server.cookie)\r\nContent-Length: 2147483648\r\nExpect: 100-continue\r\n\r\n"
                    .utf8))
        let answer = try client.answer()
        #expect(answer.status == 413 && (answer.json as? [String: Any])?.number("maximum_bytes") == 1_048_576)
        // Without a length, as it comes.
        let chunked = try SocketClient(port: room.server.port)
        chunked.send(
            Data(
                "POST /api/v1/instances?name=a.png HTTP/1.1\r\nHost: \(room.server.host)\r\nCookie: \(room.server.cookie)\r\nTransfer-Encoding: chunked\r\n\r\n"
                    .utf8))
        let piece = Data("10000\r\n".utf8) + Data(count: 65_536) + Data("\r\n".utf8)
        for _ in 0..<40 where !chunked.send(piece) { break }
        #expect((try? chunked.answer().status) == 413)
    }

    /// Connections that say nothing, say it slowly, or never read what they asked for keep nobody else waiting, and are closed.
    @Test func slowAndSilentConnectionsAreClosed() throws {
        let folder = try TemporaryFolder()
        let configuration = folder.file("pleura.yaml")
        try "idle_seconds: 5\n".write(to: configuration, atomically: true, encoding: .utf8)
        let room = try Room(["--config", configuration.path])
        let count = isInEarnest ? 200 : 20
        let silent = try (0..<count).map { _ in try SocketClient(port: room.server.port, patience: 20) }
        let heads = try (0..<count).map { _ in try SocketClient(port: room.server.port, patience: 20) }
        for client in heads { client.send(Data("GET / HTTP/1.1\r\nHost: ".utf8)) }
        let stalled = try SocketClient(port: room.server.port, patience: 20)
        stalled.send(
            Data(
                "POST /api/v1/instances?name=a.png HTTP/1.1\r\nHost: \(room.server.host)\r\nCookie: \(room.server.cookie)\r\nContent-Length: 1000\r\n\r\nabc"
                    .utf8))
        #expect(try room.get("/api/v1/session").text("user") == "local")
        // Events are no silence, however short the limit is.
        let events = try SocketClient(port: room.server.port, patience: 20)
        events.send(Data("GET /api/v1/events HTTP/1.1\r\nHost: \(room.server.host)\r\nCookie: \(room.server.cookie)\r\n\r\n".utf8))
        _ = try events.head()
        for client in silent + heads + [stalled] {
            var last = client.receive()
            while let more = last, !more.isEmpty { last = client.receive() }
            #expect(last == nil)
        }
        #expect(try room.get("/api/v1/session").text("user") == "local")
        _ = try room.server.add(try Self.picture(7), name: "late.png")
        var line = try events.line()
        while !line.hasPrefix("event: ") { line = try events.line() }
        #expect(line == "event: received")
    }

    @Test func manyUploadersAndListenersStayWithinMemory() async throws {
        let (uploaders, listeners, files) = isInEarnest ? (64, 300, 10) : (16, 60, 3)
        let room = try Room()
        let streams = try (0..<listeners).map { _ in
            let client = try SocketClient(port: room.server.port)
            client.send(
                Data("GET /api/v1/events HTTP/1.1\r\nHost: \(room.server.host)\r\nCookie: \(room.server.cookie)\r\n\r\n".utf8))
            _ = try client.head()
            return client
        }
        let (port, host, cookie) = (room.server.port, room.server.host, room.server.cookie)
        let statuses = await withTaskGroup(of: [Int].self) { group in
            for uploader in 0..<uploaders {
                group.addTask {
                    (0..<files).map { file in
                        let number = uploader * 100 + file
                        // A large picture, each of its own.
                        guard
                            let bytes = try? DrawnPictures.flat(
                                width: 1_000 + number % 97, height: 900, bits: 12, grey: UInt16(number % 4_000)
                            ).png(isFast: true)
                        else { return 0 }
                        return
                            (try? SocketClient(port: port).request(
                                "POST", "/api/v1/instances?name=\(number).png", host: host,
                                fields: ["Cookie": cookie, "Connection": "close"], body: bytes))?
                            .status ?? -1
                    }
                }
            }
            var all: [Int] = []
            for await some in group { all += some }
            return all
        }
        #expect(statuses.allSatisfy { $0 == 201 })
        let status = try String(contentsOfFile: "/proc/\(room.server.processIdentifier)/status", encoding: .utf8)
        let peak = status.firstMatch(of: #/VmHWM:\s+(\d+) kB/#).flatMap { Int($0.1) } ?? 0
        #expect(peak > 0 && peak < 600_000, "\(peak) kB")
        // All listeners are still there, and hear.
        for stream in streams {
            var line = try stream.line()
            while !line.hasPrefix("event: ") { line = try stream.line() }
            #expect(line == "event: received")
        }
        #expect(try room.get("/api/v1/health").text("status") == "ok")
    }

    /// HTML, directions of writing and very long texts in what others typed come back as the same text, in JSON.
    @Test func textsOfOthersStayTexts() throws {
        let room = try Room()
        let nasty = "<script>alert(1)</script>\u{202E}gnp.\u{2066}\"'&\u{1F480}"
        let long = String(repeating: "w", count: 10_000)
        var file = DICOMBytes(rows: 64, columns: 64, samples: Data(repeating: 200, count: 4_096))
        file.set(0x0008, 0x0005, "CS", "ISO_IR 192")
        file.set(0x0010, 0x0010, "PN", nasty)
        file.set(0x0010, 0x0020, "LO", "<img src=x onerror=alert(1)>")
        file.set(0x0008, 0x1030, "LO", long)
        let (study, _) = try room.addAndRead(file.file(), name: nasty + ".dcm")
        let detail = try room.get("/api/v1/studies/\(study)")
        #expect(detail.object("patient").text("name") == nasty && detail.text("description") == long)
        let review: [String: Any] = [
            "based_on": detail["revision"] ?? 0, "findings": [], "complete": true, "comment": nasty + long, "sign": true,
        ]
        #expect(try room.server.request("POST", "/api/v1/studies/\(study)/review", json: review).status == 201)
        #expect(try room.get("/api/v1/studies/\(study)").list("readings").last?.text("comment") == nasty + long)
        #expect(
            try room.get("/api/v1/studies?q=\("<script>\"'*OR NEAR(".addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")")[
                "studies"] != nil)
        #expect(!room.server.log.contains("script") && !room.server.log.contains("wwww"))
    }
}
