import Basics
import Foundation
import SettingsFiles

/// How a server runs: what a site writes into its configuration file, and what the command line says in its place.
public struct ServerConfiguration: Sendable {
    /// Where it listens.
    public struct Address: Hashable, Sendable {
        public var host: String
        /// 0 takes a free one.
        public var port: Int

        public init(host: String, port: Int) { (self.host, self.port) = (host, port) }

        /// - Parameter text: `HOST:PORT`, `[IPv6]:PORT` or `PORT`, which is on loopback.
        /// - Throws: `WorkstationError` of code `badConfiguration`.
        public init(_ text: String) throws {
            let (host, port): (String, Substring)
            if let colon = text.lastIndex(of: ":") {
                (host, port) = (String(text[..<colon]), text[text.index(after: colon)...])
            } else {
                (host, port) = ("127.0.0.1", text[...])
            }
            let plain = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
            guard let number = Int(port), (0...65_535).contains(number), !plain.isEmpty, plain.utf8.count <= 255,
                host.hasPrefix("[") || !plain.contains(":")
            else {
                throw WorkstationError(.badConfiguration, "listen is HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080")
            }
            (self.host, self.port) = (plain, number)
        }

        /// Whether only this machine reaches it.
        public var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }
    }

    /// Which certificate is shown.
    public enum Certificate: Hashable, Sendable {
        /// PEM files.
        case files(certificate: String, key: String)
        /// One that Pleura makes and keeps beside the archive; browsers warn of it once.
        case selfSigned
    }

    /// What a program of several on one archive does.
    public enum Role: String, Hashable, Sendable, CaseIterable {
        /// The page and the interfaces over HTTP.
        case web
        /// What other systems send: DICOM and HL7.
        case dicom
        /// Reading, and sending of results.
        case worker
        case all

        var servesPages: Bool { self == .web || self == .all }
        var works: Bool { self == .worker || self == .all }
        var hearsOthers: Bool { self == .dicom || self == .all }
    }

    /// A form of the log.
    public enum LogForm: String, Hashable, Sendable, CaseIterable {
        case text
        /// A JSON object a line.
        case json
    }

    /// The archive's folder.
    public var data: URL
    /// Where PostgreSQL is, as libpq takes it, for an archive that several machines share; `nil` for SQLite in `data`.
    public var database: String?
    public var role: Role
    public var listen: Address
    public var tls: Certificate?
    /// Names that the server answers for, besides those that follow from `listen`, such as `reading.hospital.example`.
    public var hosts: [String]
    /// A model's name or directory.
    public var model: String
    /// `auto`, `f32`, `bf16`, `int8`.
    public var precision: String
    /// Threads of the engine; `nil` for all cores.
    public var threads: Int?
    /// Images that are on their way through the model at once; `nil` for as many as there are cores.
    public var width: Int?
    /// Bytes of an upload.
    public var mostUploadBytes: Int
    /// Room on the disk that uploads leave for the database.
    public var reservedBytes: Int64
    /// Connections at once.
    public var mostConnections: Int
    /// What the site says of the hospital's network; other rooms read it.
    public var clinic: SettingsTable?
    /// How what happens is written on standard error.
    public var log: LogForm
    /// Seconds after which a connection without a byte is closed.
    public var idleSeconds: Int

    public init(data: URL) {
        self.data = data
        listen = Address(host: "127.0.0.1", port: 8_080)
        hosts = []
        model = "nih8-fast"
        precision = "auto"
        mostUploadBytes = 4 << 30
        reservedBytes = 256 << 20
        mostConnections = 1_024
        idleSeconds = 30
        log = .text
        role = .all
    }

    private static let keys = [
        "data", "database", "role", "listen", "tls_certificate", "tls_key", "tls_self_signed", "hosts", "model", "precision", "threads",
        "images_at_once",
        "most_upload_mb", "reserved_mb", "most_connections", "idle_seconds", "log", "clinic",
    ]

    /// Takes what a configuration file says.
    /// - Parameters:
    ///   - yaml: The file's text.
    ///   - folder: What relative paths in it are relative to: the file's folder.
    /// - Throws: `WorkstationError` of code `badConfiguration`, which names the key.
    public mutating func apply(yaml: String, relativeTo folder: URL) throws {
        do {
            try apply(SettingsTable(yaml: yaml, folder: folder))
        } catch let error as SettingsError {
            throw WorkstationError(.badConfiguration, error.reason)
        }
    }

    private mutating func apply(_ table: SettingsTable) throws {
        try table.check(known: Self.keys)
        if let value = try table.path("data") { data = URL(fileURLWithPath: value.path, isDirectory: true) }
        if let value = try table.text("database") {
            // Whoever reads the settings or the list of processes would have it.
            guard !value.contains("password="), value.firstMatch(of: #/:\/\/[^@\/]*:[^@\/]*@/#) == nil else {
                throw WorkstationError(.badConfiguration, "database must not hold a password: name a file that has it by passfile=")
            }
            database = value
        }
        if let value = try table.word("role", Role.allCases.map(\.rawValue)).flatMap(Role.init) { role = value }
        if let value = try table.text("listen") { listen = try Address(value) }
        switch (try table.path("tls_certificate"), try table.path("tls_key")) {
        case (let certificate?, let key?): tls = .files(certificate: certificate.path, key: key.path)
        case (nil, nil): break
        default: throw WorkstationError(.badConfiguration, "tls_certificate and tls_key belong together")
        }
        if try table.flag("tls_self_signed") == true { tls = .selfSigned }
        if let value = try table.texts("hosts") { hosts = value }
        if let value = try table.text("model") { model = value }
        if let value = try table.word("precision", ["auto", "f32", "bf16", "int8"]) { precision = value }
        if let value = try table.whole("threads", 1...1_024) { threads = value }
        if let value = try table.whole("images_at_once", 1...256) { width = value }
        if let value = try table.whole("most_upload_mb", 1...1_048_576) { mostUploadBytes = value << 20 }
        if let value = try table.whole("reserved_mb", 0...1_048_576) { reservedBytes = Int64(value) << 20 }
        if let value = try table.whole("most_connections", 8...100_000) { mostConnections = value }
        if let value = try table.whole("idle_seconds", 5...3_600) { idleSeconds = value }
        if let value = try table.word("log", LogForm.allCases.map(\.rawValue)).flatMap(LogForm.init) { log = value }
        clinic = try table.table("clinic")
    }
}
