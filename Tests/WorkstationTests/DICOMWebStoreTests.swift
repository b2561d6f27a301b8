import Foundation
import PleuraTesting
import Testing

/// STOW-RS: what is told as stored is there, and nothing else.
@Suite struct DICOMWebStoreTests {
    private static let fields = ["Content-Type": SentFiles.multipart, "Accept": "application/dicom+json"]

    private static func store(
        _ room: Room, _ body: Data, at target: String = "/dicom-web/studies", fields: [String: String] = [:]
    ) throws -> SocketClient.Answer {
        try room.server.request("POST", target, body: body, fields: Self.fields.merging(fields) { $1 })
    }

    @Test func filesAreStoredAndNamed() throws {
        let room = try Room()
        let files = [SentFiles.radiograph(1), SentFiles.radiograph(2)]
        let answer = try Self.store(room, SentFiles.body(files))
        #expect(answer.status == 200 && answer.fields["content-type"] == "application/dicom+json")
        let stored = answer.dataset.items("00081199")
        #expect(stored.compactMap { $0.value("00081155") } == [SentFiles.instance(1), SentFiles.instance(2)])
        #expect(answer.dataset.items("00081198").isEmpty && answer.dataset.items("0008119A").isEmpty)
        let place = "http://\(room.server.host)/dicom-web/studies/\(SentFiles.study(1))"
        #expect(answer.dataset.value("00081190") == place)
        #expect(stored.first?.value("00081190") == "\(place)/series/\(SentFiles.series(1))/instances/\(SentFiles.instance(1))")
        // Sent again, it is there once, and told as stored.
        let again = try Self.store(room, SentFiles.body(files), at: "/dicom-web/studies/\(SentFiles.study(1))")
        #expect(again.status == 200 && again.dataset.items("00081199").count == 2)
        let study = try room.get("/api/v1/studies").list("studies")
        #expect(study.count == 1 && study.first?.number("instance_count") == 2)
        let entries = try room.get("/api/v1/audit").list("entries")
        #expect(entries.contains { $0.text("action") == "instance.add" && $0.text("detail") == "2 by DICOMweb" })
    }

    @Test func whatCannotBeStoredIsToldByItsReason() throws {
        let room = try Room()
        let good = SentFiles.radiograph(1)
        // Another study than the address names, a report, bytes that are none, a picture, and one that is cut off.
        let mixed = try Self.store(
            room, SentFiles.body([good, SentFiles.radiograph(2, study: 2), Data("nothing".utf8), try Room.cell(1, 1), good.prefix(200)]),
            at: "/dicom-web/studies/\(SentFiles.study(1))")
        #expect(mixed.status == 202)
        #expect(mixed.dataset.items("00081199").compactMap { $0.value("00081155") } == [SentFiles.instance(1)])
        #expect(mixed.dataset.items("00081198").first?.value("00081155") == SentFiles.instance(2))
        #expect(mixed.dataset.items("00081198").first?.value("00081197") == String(0xC409))
        #expect(mixed.dataset.items("0008119A").count + mixed.dataset.items("00081198").count == 4)
        let none = try Self.store(room, SentFiles.body([Data("nothing".utf8)]))
        #expect(none.status == 409 && none.dataset.items("0008119A").first?.value("00081197") == String(0xC000))
        let report = try Self.store(room, SentFiles.body([SentFiles.report(7)]))
        #expect(report.status == 409 && report.dataset.items("00081198").first?.value("00081155") == SentFiles.instance(7))
        // Other pixels under the same UID: those that were there stay.
        var other = SentFiles.radiograph(1)
        other[other.endIndex - 1] = 77
        let conflict = try Self.store(room, SentFiles.body([other]))
        #expect(conflict.status == 409 && conflict.dataset.items("00081198").first?.value("00081197") == String(0x0111))
        let images = try Self.store(room, SentFiles.body([good], type: "image/png"))
        #expect(images.status == 409)
        #expect(try room.get("/api/v1/studies").list("studies").count == 1)
    }

    @Test func bodiesThatAreNoneAreRefused() throws {
        let room = try Room()
        let body = SentFiles.body([SentFiles.radiograph(1)])
        for (type, status) in [
            ("application/dicom", 415), ("multipart/related", 400),
            ("multipart/related; type=\"application/dicom+json\"; boundary=cut-here", 415),
            ("", 415), ("multipart/form-data; boundary=cut-here", 415),
        ] {
            #expect(try Self.store(room, body, fields: ["Content-Type": type]).status == status, "\(type)")
        }
        #expect(try Self.store(room, body, fields: ["Accept": "application/dicom+xml"]).status == 406)
        #expect(try Self.store(room, body, at: "/dicom-web/studies/not-a-uid").status == 400)
        for nothing in [Data(), Data("\r\n--cut-here--".utf8), Data("no boundary at all".utf8)] {
            #expect(try Self.store(room, nothing).status == 400)
        }
        #expect(try room.get("/api/v1/studies").list("studies").isEmpty)
    }

    /// Cut at any place: 400 while nothing is whole, and else the answer names what is.
    @Test func bodiesThatAreCutOffStoreWhatWasWhole() throws {
        let files = [SentFiles.radiograph(1), SentFiles.radiograph(2)]
        let (first, whole) = (SentFiles.body([files[0]]).count - "\r\n--cut-here--".utf8.count, SentFiles.body(files))
        for length in [1, 20, 60, first / 2, first, first + 30, first + files[1].count / 2, whole.count - 13, whole.count - 1] {
            let room = try Room()
            let answer = try Self.store(room, whole.prefix(length))
            let count = answer.dataset.items("00081199").count
            let there = try room.get("/api/v1/studies").list("studies").first?.number("instance_count") ?? 0
            #expect(Double(count) == there, "\(length)")
            if count == 0 {
                #expect(answer.status == 400, "\(length): \(answer.status)")
            } else {
                #expect(answer.status == 202 && answer.dataset.items("0008119A").count == 1, "\(length): \(answer.status)")
            }
        }
    }

    /// A client that goes in the middle leaves nothing that is half.
    @Test func aClientThatGoesLeavesNothingHalf() throws {
        let room = try Room()
        let body = SentFiles.body([SentFiles.radiograph(1)])
        do {
            let client = try SocketClient(port: room.server.port)
            client.send(
                Data(
                    ("POST /dicom-web/studies HTTP/1.1\r\nHost: \(room.server.host)\r\nCookie: \(room.server.cookie)\r\n"
                        + "Content-Type: \(SentFiles.multipart)\r\nContent-Length: \(body.count)\r\n\r\n").utf8)
                    + body.prefix(body.count / 2))
            usleep(200_000)
        }
        usleep(500_000)
        #expect(try room.get("/api/v1/studies").list("studies").isEmpty)
        let incoming = room.folder.file("archive").appendingPathComponent("incoming")
        #expect(try FileManager.default.contentsOfDirectory(atPath: incoming.path).isEmpty)
        #expect(try Self.store(room, body).status == 200)
    }

    @Test func aTokenStoresAndStrangersDoNot() async throws {
        let room = try Room()
        let body = SentFiles.body([SentFiles.radiograph(1)])
        let token = try await room.token("orthanc")
        let stored = try room.request("POST", "/dicom-web/studies", token: token, body: body, fields: Self.fields)
        #expect(stored.status == 200)
        #expect(
            try room.get("/api/v1/audit").list("entries").contains {
                $0.text("action") == "instance.add" && $0.text("user") == "token:orthanc"
            })
        #expect(try room.request("POST", "/dicom-web/studies", token: "x", body: body, fields: Self.fields).status == 401)
        let page = Self.fields.merging(["Origin": "https://evil.example"]) { $1 }
        #expect(try room.server.request("POST", "/dicom-web/studies", body: body, fields: page).status == 403)
    }

    @Test func bodiesThatAreTooLargeAreNotTaken() throws {
        let folder = try TemporaryFolder()
        let configuration = folder.file("pleura.yaml")
        try "most_upload_mb: 1\n".write(to: configuration, atomically: true, encoding: .utf8)
        let room = try Room(["--config", configuration.path])
        let body = SentFiles.body([Data(count: 2 << 20)])
        #expect(try Self.store(room, body).status == 413)
    }
}
