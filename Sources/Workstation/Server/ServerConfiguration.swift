import Basics
import Foundation
import Yams

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

    /// The archive's folder.
    public var data: URL
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
    }

    private static let keys = [
        "data", "listen", "tls_certificate", "tls_key", "tls_self_signed", "hosts", "model", "precision", "threads", "images_at_once",
        "most_upload_mb", "reserved_mb", "most_connections", "idle_seconds",
    ]

    /// Takes what a configuration file says.
    /// - Parameters:
    ///   - yaml: The file's text.
    ///   - folder: What relative paths in it are relative to: the file's folder.
    /// - Throws: `WorkstationError` of code `badConfiguration`, which names the key.
    public mutating func apply(yaml: String, relativeTo folder: URL) throws {
        let loaded: Any?
        do {
            loaded = try Yams.load(yaml: yaml)
        } catch let error as YamlError {
            throw WorkstationError(.badConfiguration, "this is not YAML: \(Self.line(error))")
        }
        guard let loaded else { return }
        guard let table = loaded as? [String: Any] else {
            throw WorkstationError(.badConfiguration, "the file has to be a list of keys and values, such as listen: 127.0.0.1:8080")
        }
        func fail(_ key: String, _ wanted: String) -> WorkstationError { WorkstationError(.badConfiguration, "\(key) has to be \(wanted)") }
        func text(_ key: String) throws -> String? {
            guard let value = table[key] else { return nil }
            if let number = value as? Int { return String(number) }
            guard let text = value as? String, !text.isEmpty else { throw fail(key, "a text") }
            return text
        }
        func number(_ key: String, _ range: ClosedRange<Int>) throws -> Int? {
            guard let value = table[key] else { return nil }
            guard let number = value as? Int, range.contains(number) else {
                throw fail(key, "a whole number from \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        }
        func path(_ key: String) throws -> String? {
            try text(key).map { URL(fileURLWithPath: $0, relativeTo: URL(fileURLWithPath: folder.path, isDirectory: true)).path }
        }
        for key in table.keys.sorted() where !Self.keys.contains(key) {
            let near = key.nearest(among: Self.keys).map { "; did you mean \($0)?" } ?? "; known are \(Self.keys.joined(separator: ", "))"
            throw WorkstationError(.badConfiguration, "there is no key \(key.prefix(60))\(near)")
        }
        if let value = try path("data") { data = URL(fileURLWithPath: value, isDirectory: true) }
        if let value = try text("listen") { listen = try Address(value) }
        switch (try path("tls_certificate"), try path("tls_key")) {
        case (let certificate?, let key?): tls = .files(certificate: certificate, key: key)
        case (nil, nil): break
        default: throw WorkstationError(.badConfiguration, "tls_certificate and tls_key belong together")
        }
        if let value = table["tls_self_signed"] {
            guard let isWanted = value as? Bool else { throw fail("tls_self_signed", "true or false") }
            if isWanted { tls = .selfSigned }
        }
        if let value = table["hosts"] {
            guard let names = value as? [String] else { throw fail("hosts", "a list of names") }
            hosts = names
        }
        if let value = try text("model") { model = value }
        if let value = try text("precision") {
            guard ["auto", "f32", "bf16", "int8"].contains(value) else { throw fail("precision", "auto, f32, bf16 or int8") }
            precision = value
        }
        if let value = try number("threads", 1...1_024) { threads = value }
        if let value = try number("images_at_once", 1...256) { width = value }
        if let value = try number("most_upload_mb", 1...1_048_576) { mostUploadBytes = value << 20 }
        if let value = try number("reserved_mb", 0...1_048_576) { reservedBytes = Int64(value) << 20 }
        if let value = try number("most_connections", 8...100_000) { mostConnections = value }
        if let value = try number("idle_seconds", 5...3_600) { idleSeconds = value }
    }

    private static func line(_ error: YamlError) -> String {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            "\(problem), line \(mark.line)"
        default: "it cannot be parsed"
        }
    }
}
