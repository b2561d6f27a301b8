import Foundation
import PleuraTesting
import Testing

/// Who may, and who may not.
@Suite struct LockTests {
    @Test func theLinkWorksOnceAndLeavesTheAddress() throws {
        let room = try Room(logsIn: false)
        let first = try room.server.logIn()
        #expect(first.status == 303 && first.fields["location"] == "/")
        let cookie = first.fields["set-cookie"] ?? ""
        #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict") && cookie.contains("Path=/"))
        let used = room.server.cookie
        #expect(try room.server.logIn().fields["set-cookie"] == nil)
        #expect(try room.server.request("GET", "/api/v1/session", fields: ["Cookie": used]).status == 200)
        #expect(try room.server.request("DELETE", "/api/v1/session", fields: ["Cookie": used]).status == 204)
        #expect(try room.server.request("GET", "/api/v1/session", fields: ["Cookie": used]).status == 401)
        #expect(!room.server.log.contains(used))
    }

    /// DNS rebinding, and pages of other sites.
    @Test func foreignNamesAndForeignPagesAreRefused() throws {
        let room = try Room()
        for host in ["evil.example:\(room.server.port)", "127.0.0.1", "127.0.0.1:1", ""] {
            let answer = try SocketClient(port: room.server.port).request(
                "GET", "/api/v1/health", host: host, fields: ["Connection": "close"])
            #expect(answer.status == 421 || answer.status == 400, "\(host): \(answer.status)")
        }
        for fields in [
            ["Origin": "https://evil.example"], ["Sec-Fetch-Site": "cross-site"], ["Sec-Fetch-Site": "same-site"], ["Origin": "null"],
        ] {
            #expect(try room.server.request("PUT", "/api/v1/session/preferences", json: [:], fields: fields).status == 403, "\(fields)")
        }
        let own = ["Origin": "http://\(room.server.host)", "Sec-Fetch-Site": "same-origin"]
        #expect(try room.server.request("PUT", "/api/v1/session/preferences", json: [:], fields: own).status == 204)
        // A form cannot send JSON without asking first.
        #expect(
            try room.server.request("PUT", "/api/v1/session/preferences", body: Data("{}".utf8), fields: ["Content-Type": "text/plain"])
                .status == 415)
    }

    @Test func everyAnswerHasThePolicy() throws {
        let room = try Room()
        for target in ["/", "/assets/style.css", "/api/v1/studies", "/nothing", "/api/v1/instances/x/file"] {
            let fields = try room.server.request("GET", target).fields
            #expect(fields["content-security-policy"]?.contains("default-src 'none'; script-src 'self'") == true, "\(target)")
            #expect(
                fields["x-content-type-options"] == "nosniff" && fields["referrer-policy"] == "no-referrer"
                    && fields["cache-control"] != nil)
        }
    }

    @Test func accountsLogInAndGuessersWait() throws {
        let room = try Room()
        let password = "correct horse battery"
        let made = try room.server.request("POST", "/api/v1/users", json: ["name": "Ann", "role": "reader", "password": password])
        #expect(made.status == 201)
        #expect(
            try room.server.request("POST", "/api/v1/users", json: ["name": "ann", "role": "reader", "password": password]).status == 409)
        #expect(
            try room.server.request("POST", "/api/v1/users", json: ["name": "ben", "role": "reader", "password": "short"]).status == 422)
        func logIn(_ name: String, _ password: String) throws -> SocketClient.Answer {
            try room.server.request("POST", "/api/v1/session", json: ["name": name, "password": password], fields: ["Cookie": ""])
        }
        let answer = try logIn("ann", password)
        let cookie = answer.fields["set-cookie"]?.split(separator: ";").first.map(String.init) ?? ""
        #expect(answer.status == 204 && !cookie.isEmpty)
        let session = try room.server.request("GET", "/api/v1/session", fields: ["Cookie": cookie]).json as? [String: Any] ?? [:]
        #expect(session.text("user") == "ann" && session.text("role") == "reader")
        // A reader is no administrator.
        for (method, target) in [
            ("GET", "/api/v1/users"), ("GET", "/api/v1/audit"), ("PUT", "/api/v1/settings"), ("PATCH", "/api/v1/users/ann"),
        ] {
            #expect(
                try room.server.request(method, target, json: method == "GET" ? nil : [:], fields: ["Cookie": cookie]).status == 403,
                "\(target)")
        }
        #expect(try room.server.request("PATCH", "/api/v1/users/ann", json: ["disabled": true]).status == 200)
        #expect(try room.server.request("GET", "/api/v1/session", fields: ["Cookie": cookie]).status == 401)
        #expect(try logIn("ann", password).status == 401)
        var statuses: [Int] = []
        for _ in 0..<8 { statuses.append(try logIn("nobody", "wrong password").status) }
        #expect(statuses.prefix(3).allSatisfy { $0 == 401 } && statuses.last == 429)
    }

    @Test func beyondLoopbackOnlyWithCertificateAndAccounts() throws {
        let folder = try TemporaryFolder()
        try TinyModel.write(to: folder.file("tiny"))
        let common = ["serve", "--data", folder.file("archive").path, "--model", folder.file("tiny").path, "--listen", "0.0.0.0:0"]
        let program = try ProgramUnderTest.file("pleura-serve").path
        let plain = try Shell.run(program: program, common)
        #expect(plain.status == 2 && plain.errors.contains("--tls-self-signed"))
        let noAccounts = try Shell.run(program: program, common + ["--tls-self-signed"])
        #expect(noAccounts.status == 2 && noAccounts.errors.contains("pleura serve user add"))
    }

    @Test func overTLSWithACertificateOfItsOwn() throws {
        guard OtherProgram.found("curl") != nil else {
            print("LockTests: SKIPPED: TLS, for there is no curl here")
            return
        }
        let folder = try TemporaryFolder()
        try TinyModel.write(to: folder.file("tiny"))
        let added = try Shell.run(
            "echo 'correct horse battery' | '\(try ProgramUnderTest.file("pleura-serve").path)' serve user add ann --role administrator --data '\(folder.file("archive").path)'"
        )
        #expect(added.status == 0, "\(added.errors)")
        let server = try ServerUnderTest(
            folder: folder.file("archive"), model: folder.file("tiny"), arguments: ["--listen", "0.0.0.0:0", "--tls-self-signed"])
        let address = "https://localhost:\(server.port)"
        let certificate = folder.file("archive/certificate.pem").path
        let health = try Shell.run("curl -s -w ' %{http_version}' --cacert '\(certificate)' \(address)/api/v1/health")
        #expect(health.output.contains("\"status\"") && health.output.hasSuffix(" 2"), "\(health.output) \(health.errors)")
        let logIn = try Shell.run(
            "curl -s -i --http1.1 --cacert '\(certificate)' -H 'Content-Type: application/json' -d '{\"name\":\"ann\",\"password\":\"correct horse battery\"}' \(address)/api/v1/session"
        )
        #expect(
            logIn.output.contains("204") && logIn.output.contains("__Host-pleura=") && logIn.output.contains("Secure"), "\(logIn.output)")
        let mode = try FileManager.default.attributesOfItem(atPath: folder.file("archive/key.pem").path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test func theAuditTrailHasEveryLookAndHangsTogether() throws {
        let room = try Room()
        let (study, instance) = try room.addAndRead(try Room.cell(1, 3))
        _ = try room.get("/api/v1/studies/\(study)")
        _ = try room.server.request("GET", "/api/v1/instances/\(instance)/pixels")
        _ = try room.server.request("GET", "/api/v1/instances/\(instance)/file")
        let audit = try room.get("/api/v1/audit")
        let actions = Set(audit.list("entries").compactMap { $0.text("action") })
        #expect(
            actions.isSuperset(of: ["login", "instance.add", "study.view", "image.view", "file.view"]) && audit.text("chain") == "intact")
        #expect(audit.list("entries").first { $0.text("action") == "study.view" }?.text("study") == study)
        let page = try room.get("/api/v1/audit?limit=2")
        #expect(page.list("entries").count == 2 && page.number("next") != nil)
    }
}
