import Foundation
import PleuraTesting
import Testing
import Workstation

@Suite struct ConfigurationTests {
    private let folder = URL(fileURLWithPath: "/site")

    private func configuration(_ yaml: String) throws -> ServerConfiguration {
        var configuration = ServerConfiguration(data: URL(fileURLWithPath: "/data"))
        try configuration.apply(yaml: yaml, relativeTo: folder)
        return configuration
    }

    @Test func everyKeyIsTaken() throws {
        let found = try configuration(
            """
            data: archive
            listen: 0.0.0.0:8443
            hosts: [reading.example, other.example]
            tls_certificate: cert.pem
            tls_key: /keys/key.pem
            model: nih8-ensemble
            precision: f32
            threads: 2
            images_at_once: 3
            most_upload_mb: 10
            reserved_mb: 0
            most_connections: 99
            idle_seconds: 7
            """)
        #expect(found.data.path == "/site/archive" && found.listen == .init(host: "0.0.0.0", port: 8_443) && !found.listen.isLoopback)
        #expect(
            found.hosts == ["reading.example", "other.example"] && found.tls == .files(certificate: "/site/cert.pem", key: "/keys/key.pem"))
        #expect(found.model == "nih8-ensemble" && found.precision == "f32" && found.threads == 2 && found.width == 3)
        #expect(found.mostUploadBytes == 10 << 20 && found.reservedBytes == 0 && found.mostConnections == 99 && found.idleSeconds == 7)
        #expect(
            try configuration("").listen == .init(host: "127.0.0.1", port: 8_080)
                && configuration("tls_self_signed: true").tls == .selfSigned)
    }

    @Test func aProgramOfSeveralIsTold() throws {
        let found = try configuration("database: host=/run/postgresql dbname=pleura\nrole: worker\nlog: json")
        #expect(found.database == "host=/run/postgresql dbname=pleura" && found.role == .worker && found.log == .json)
        #expect(try configuration("").database == nil && configuration("").role == .all)
    }

    @Test(arguments: ["host=db password=secret", "postgresql://pleura:secret@db/pleura", "dbname=x  password=s"])
    func aPasswordInTheDatabasesAddressIsRefused(address: String) throws {
        let error = #expect(throws: WorkstationError.self) { try configuration("database: '\(address)'") }
        #expect(error?.reason.contains("passfile=") == true && error?.reason.contains("secret") == false)
        #expect(try configuration("database: postgresql://pleura@db/pleura?passfile=/etc/pleura/secrets/pgpass").database != nil)
    }

    @Test(arguments: [
        ("role: king", "web, dicom"), ("log: loud", "text, json"),
        ("lisen: 1", "did you mean listen"), ("nonsense_key: 1", "known are data"), ("listen: [1]", "listen has to be"),
        ("listen: host:99999", "HOST:PORT"),
        ("threads: many", "threads has to be"), ("threads: 0", "1 to 1024"), ("tls_key: a", "belong together"),
        ("hosts: {a: b}", "hosts has to be"),
        ("- a\n- b", "keys and values"), ("a: [", "not YAML"), ("precision: f64", "auto, f32"), ("tls_self_signed: 3", "true or false"),
    ])
    func whatIsWrongIsNamed(yaml: String, words: String) throws {
        let error = #expect(throws: WorkstationError.self) { try configuration(yaml) }
        #expect(error?.reason.contains(words) == true, "\(error?.reason ?? "")")
    }

    @Test func addressesOfAllKinds() throws {
        typealias Address = ServerConfiguration.Address
        #expect(try Address("8080") == Address(host: "127.0.0.1", port: 8_080) && Address("[::1]:0") == Address(host: "::1", port: 0))
        #expect(try Address("[::1]:0").isLoopback && Address("localhost:1").isLoopback && Address("127.1.2.3:1").isLoopback)
        for text in ["", ":", "a:b", "::1:80", "host:", "1.2.3.4:-1", "a b:65536"] {
            #expect(throws: WorkstationError.self, "\(text)") { try Address(text) }
        }
    }

    /// The program says what is wrong in a line, and with 2 that it was used wrongly.
    @Test func theProgramEndsWithALine() throws {
        let folder = try TemporaryFolder()
        try "lisen: 1\n".write(to: folder.file("bad.yaml"), atomically: true, encoding: .utf8)
        let program = try ProgramUnderTest.file("pleura-serve").path
        let bad = try Shell.run(program: program, ["serve", "--config", folder.file("bad.yaml").path, "--data", folder.file("a").path])
        #expect(bad.status == 2 && bad.errors.contains("bad.yaml") && bad.errors.contains("did you mean listen"))
        let missing = try Shell.run(program: program, ["archive", "check", "--data", folder.file("none").path])
        #expect(missing.status == 3 && missing.errors.contains("there is no archive"))
        let model = try Shell.run(
            program: program, ["serve", "--data", folder.file("a").path, "--model", "/no/such/model", "--listen", "0"])
        #expect(model.status == 3 && model.errors.split(separator: "\n").count == 1)
    }

    @Test func oneServerAnArchive() throws {
        let room = try Room(logsIn: false)
        let second = try Shell.run(
            program: ProgramUnderTest.file("pleura-serve").path,
            ["serve", "--data", room.folder.file("archive").path, "--model", room.folder.file("tiny").path, "--listen", "0"])
        #expect(second.status == 3 && second.errors.contains("in use"))
    }
}
