import Foundation
import PleuraTesting
import Testing

/// What other programs rely on, from a file that is sent to a reading that is signed.
@Suite struct ContractTests {
    @Test func aFileIsSentReadReviewedAndSigned() throws {
        let room = try Room()
        let bytes = try Room.cell(1, 2)
        let sent = try room.server.add(bytes, name: "a b.png")
        #expect(sent.status == 201)
        let again = try room.server.add(bytes, name: "a b.png")
        let intake = again.json as? [String: Any] ?? [:]
        #expect(again.status == 201 && intake.list("instances").first?["duplicate"] as? Bool == true && intake.list("refused").isEmpty)
        let (study, instance) = try room.addAndRead(bytes)
        let list = try room.get("/api/v1/studies?status=open")
        #expect(list.list("studies").compactMap { $0.text("id") } == [study] && list["next"] == nil)
        #expect(list.object("counts").number("read") == 1)
        let detail = try room.get("/api/v1/studies/\(study)")
        #expect(detail.text("status") == "read" && detail.text("received") != nil && detail.text("due") != nil)
        let reading = detail.list("instances").first?.object("reading") ?? [:]
        #expect(reading.object("reader").text("name") == "tiny" && reading.text("status") == "preliminary" && reading["warnings"] is [Any])
        let finding = reading.list("findings").first ?? [:]
        // As `pleura detect --json` writes it.
        #expect(finding["box"] as? [Double] == [16, 32, 24, 16] && finding.text("label") == "Bright" && finding.number("score") == 1)
        let file = try room.server.request("GET", "/api/v1/instances/\(instance)/file")
        #expect(file.status == 200 && file.body == bytes && file.fields["content-type"] == "image/png")

        let review: [String: Any] = [
            "based_on": detail["revision"] ?? 0, "complete": true, "comment": "seen", "sign": true,
            "findings": [
                ["label": "Bright", "box": [17.5, 33.25, 20, 10.125], "origin": "1"], ["label": "Dark", "box": [0, 0, 8, 8]],
            ],
        ]
        let signed = try room.server.request("POST", "/api/v1/studies/\(study)/review", json: review)
        #expect(signed.status == 201 && (signed.json as? [String: Any])?.text("status") == "final")
        let after = try room.get("/api/v1/studies/\(study)")
        let latest = after.list("instances").first?.object("reading") ?? [:]
        #expect(after.text("status") == "signed" && after.text("signed_by") == "local" && latest.text("status") == "final")
        #expect(latest.list("findings").map { $0["box"] as? [Double] } == [[17.5, 33.25, 20, 10.125], [0, 0, 8, 8]])
        // The same again: another reading came meanwhile, namely this one.
        let late = try room.server.request("POST", "/api/v1/studies/\(study)/review", json: review)
        let conflict = late.json as? [String: Any] ?? [:]
        #expect(late.status == 409 && conflict.text("code") == "newer_reading" && conflict.list("readings").count == 1)
        #expect(late.fields["content-type"] == "application/problem+json" && conflict["revision"] as? Int == after["revision"] as? Int)
    }

    /// Maps that were not tested are hidden; which network sees it and what hiding its box costs are told.
    @Test func aFindingIsExplainedOnRequest() throws {
        let room = try Room()
        let (_, instance) = try room.addAndRead(try Room.cell(1, 2))
        let path = "/api/v1/instances/\(instance)/explanations/1"
        let answer = try room.get(path)
        let why = answer.object("explanation")
        #expect(why.text("label") == "Bright" && why["box"] as? [Double] == [16, 32, 24, 16])
        #expect((why.number("score_without_box") ?? 1) < (why.number("explained_score") ?? 0))
        #expect(why.list("members").compactMap { $0.text("name") } == ["tiny"])
        #expect(why.list("maps").allSatisfy { $0["shown"] as? Bool == false && $0.text("reason")?.isEmpty == false })
        // The same again, from what was kept.
        #expect(try room.get(path) as NSDictionary == answer as NSDictionary)
        let unknown = try room.server.request("GET", "/api/v1/instances/\(instance)/explanations/99")
        #expect(unknown.status == 404)
    }

    @Test func pixelsAreThoseOfTheFileBeforeAnyWindow() throws {
        let room = try Room()
        var file = DICOMBytes(rows: 2, columns: 3, samples: Data())
        let samples: [Int16] = [-5, 0, 7, 100, -2_000, 32_000]
        for (number, value) in [(0x100, 16), (0x101, 16), (0x102, 15), (0x103, 1)] as [(UInt16, UInt16)] {
            file.set(0x0028, number, "US", DICOMBytes.little(value))
        }
        file.set(0x0028, 0x0004, "CS", "MONOCHROME1")
        file.set(0x0028, 0x1052, "DS", "10")
        file.set(0x0028, 0x1053, "DS", "-2")
        file.set(0x0008, 0x0005, "CS", "ISO_IR 192")
        file.set(0x0028, 0x1054, "LO", "µ\u{1F480}")
        file.set(0x0028, 0x1050, "DS", "40")
        file.set(0x0028, 0x1051, "DS", "400")
        file.set(0x0028, 0x1056, "CS", "SIGMOID")
        file.set(0x0028, 0x0120, "SS", DICOMBytes.little(Int16(-2_000)))
        file.set(0x0018, 0x1164, "DS", "0.2\\0.1")
        file.set(0x7FE0, 0x0010, "OW", samples.map { DICOMBytes.little($0) }.reduce(Data(), +))
        let sent = try room.server.add(file.file(), name: "a.dcm").json as? [String: Any] ?? [:]
        let instance = sent.list("instances").first?.text("id") ?? ""
        for packed in [false, true] {
            let answer = try room.server.request(
                "GET", "/api/v1/instances/\(instance)/pixels", fields: packed ? ["Accept-Encoding": "gzip"] : [:])
            #expect(answer.status == 200 && (answer.fields["content-encoding"] == "gzip") == packed)
            let image =
                answer.fields["x-pleura-image"].flatMap { try? JSONSerialization.jsonObject(with: Data($0.utf8)) } as? [String: Any] ?? [:]
            let (slope, intercept) = (image.number("slope") ?? 0, image.number("intercept") ?? 0)
            #expect(image["inverted"] as? Bool == true && image.object("window").text("function") == "SIGMOID" && slope == -2)
            #expect(image.text("units") == "µ\u{1F480}")
            #expect(image.object("spacing").text("plane") == "detector" && image.object("spacing").number("row") == 0.2)
            #expect(image.number("minimum") == Double(32_768 - 5) && image["padding"] as? [Int] == [30_768, 30_768])
            guard !packed else { continue }
            let values = stride(from: 0, to: answer.body.count, by: 2).map {
                Double(Int(answer.body[$0]) | Int(answer.body[$0 + 1]) << 8) * slope + intercept
            }
            #expect(values == samples.map { Double($0) * -2 + 10 })
        }
        let picture = try room.server.request("GET", "/api/v1/instances/\(instance)/rendered")
        #expect(picture.status == 200 && picture.body.starts(with: [0xFF, 0xD8]))
        #expect(try room.server.request("GET", "/api/v1/instances/\(instance)/pixels?frame=2").status == 404)
    }

    @Test func filesAreGivenInParts() throws {
        let room = try Room()
        let bytes = try Room.cell(0, 3)
        let instance = try room.addAndRead(bytes).instance
        let target = "/api/v1/instances/\(instance)/file"
        let whole = try room.server.request("GET", target)
        let tag = whole.fields["etag"] ?? ""
        #expect(try room.server.request("GET", target, fields: ["If-None-Match": tag]).status == 304)
        let part = try room.server.request("GET", target, fields: ["Range": "bytes=2-5"])
        #expect(part.status == 206 && part.body == bytes[2...5] && part.fields["content-range"] == "bytes 2-5/\(bytes.count)")
        #expect(try room.server.request("GET", target, fields: ["Range": "bytes=-3"]).body == bytes.suffix(3))
        #expect(try room.server.request("GET", target, fields: ["Range": "bytes=2-5", "If-Range": "\"other\""]).body == bytes)
        #expect(try room.server.request("GET", target, fields: ["Range": "bytes=\(bytes.count)-"]).status == 416)
        #expect(try room.server.request("HEAD", target).fields["content-length"] == "\(bytes.count)")
    }

    @Test func eventsTellWhatHappensAndWhatWasMissed() throws {
        let room = try Room()
        let stream = try SocketClient(port: room.server.port)
        let fields = "GET /api/v1/events HTTP/1.1\r\nHost: \(room.server.host)\r\nCookie: \(room.server.cookie)\r\n"
        stream.send(Data((fields + "\r\n").utf8))
        #expect(try stream.head().fields["content-type"] == "text/event-stream")
        let study = try room.addAndRead(try Room.cell(2, 2)).study
        var (kinds, first): ([String], String?) = ([], nil)
        while kinds.last != "read" {
            let line = try stream.line()
            if line.hasPrefix("id: "), first == nil { first = String(line.dropFirst(4)) }
            if line.hasPrefix("event: ") { kinds.append(String(line.dropFirst(7))) }
            if line.hasPrefix("data: ") { #expect(line.contains(study)) }
        }
        #expect(kinds == ["received", "begun", "read"])
        let later = try SocketClient(port: room.server.port)
        later.send(Data((fields + "Last-Event-ID: \(first ?? "")\r\n\r\n").utf8))
        var missed: [String] = []
        while missed.count < 2 {
            let line = try later.line()
            if line.hasPrefix("event: ") { missed.append(String(line.dropFirst(7))) }
        }
        #expect(missed == ["begun", "read"])
    }

    @Test func draftsAndPreferencesOutliveTheServer() throws {
        let room = try Room()
        let study = try room.addAndRead(try Room.cell(3, 0)).study
        let draft: [String: Any] = ["based_on": 1, "content": ["someKey": ["a_b": 1.5, "cD": NSNull()]]]
        #expect(try room.server.request("PUT", "/api/v1/studies/\(study)/draft", json: draft).status == 204)
        #expect(try room.server.request("PUT", "/api/v1/session/preferences", json: ["theme": "light"]).status == 204)
        try room.restart()
        let kept = try room.get("/api/v1/studies/\(study)").object("draft")
        #expect(kept.number("based_on") == 1 && kept.object("content").object("someKey").number("a_b") == 1.5)
        #expect(try room.get("/api/v1/session").object("preferences").text("theme") == "light")
        #expect(try room.server.request("DELETE", "/api/v1/studies/\(study)/draft").status == 204)
        #expect(try room.get("/api/v1/studies/\(study)")["draft"] == nil)
    }

    @Test func theWorklistGoesByDueDateAndPageByPage() throws {
        let room = try Room()
        for number in 0..<5 { _ = try room.addAndRead(try Room.cell(number % 4, number / 4), name: "scan-\(number).png") }
        var (ids, after): ([String], String) = ([], "")
        repeat {
            let page = try room.get("/api/v1/studies?limit=2&after=\(after)")
            ids += page.list("studies").compactMap { $0.text("id") }
            after = page.text("next") ?? ""
        } while !after.isEmpty
        #expect(Set(ids).count == 5 && ids.count == 5)
        let last = ids[4]
        #expect(try room.server.request("POST", "/api/v1/studies/\(last)/urgency", json: ["urgency": "stat"]).status == 200)
        #expect(try room.get("/api/v1/studies").list("studies").first?.text("id") == last)
        #expect(try room.get("/api/v1/studies?q=scan-3").list("studies").count == 1)
        for bad in ["limit=0", "limit=x", "status=gone", "after=nonsense"] {
            #expect(try room.server.request("GET", "/api/v1/studies?\(bad)").status == 422, "\(bad)")
        }
    }

    @Test func itEndsSoonAndWhatItHadTakenIsThere() throws {
        let room = try Room()
        let stream = try SocketClient(port: room.server.port)
        stream.send(
            Data("GET /api/v1/events HTTP/1.1\r\nHost: \(room.server.host)\r\nCookie: \(room.server.cookie)\r\n\r\n".utf8))
        _ = try stream.head()
        _ = try room.server.add(try Room.cell(1, 1), name: "a.png")
        let end = room.server.stop()
        #expect(end.status == 0 && end.seconds < 5)
        try room.restart()
        #expect(try room.get("/api/v1/studies").list("studies").count == 1)
    }
}
