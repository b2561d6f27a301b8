import Foundation

/// `pleura-serve` on a free port of loopback, with an archive of its own, ended with the test.
package final class ServerUnderTest {
    package enum Failure: Error { case didNotStart(String) }

    package let folder: URL
    package private(set) var port = 0
    /// The one-time link that it printed.
    package private(set) var link = ""
    /// The cookie of a session by that link; empty before `logIn`.
    package private(set) var cookie = ""
    private let process = Process()
    private let errors: URL

    /// - Parameters:
    ///   - folder: The archive's; what an earlier server left there is there.
    ///   - model: A bundle.
    ///   - arguments: More of `pleura serve`.
    package init(folder: URL, model: URL, arguments: [String] = []) throws {
        self.folder = folder
        errors = folder.deletingLastPathComponent().appendingPathComponent("serve-\(UUID().uuidString).log")
        try Data().write(to: errors)
        process.executableURL = try ProgramUnderTest.file("pleura-serve")
        process.arguments =
            ["serve", "--data", folder.path, "--model", model.path, "--precision", "f32"]
            + (arguments.contains("--listen") ? [] : ["--listen", "127.0.0.1:0"]) + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(["XDG_CACHE_HOME": folder.path + "-cache"]) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        let start = Date()
        while Date().timeIntervalSince(start) < 60, process.isRunning {
            if let match = log.firstMatch(of: #/(https?://[^/ ]+:(\d+)/\S*)/#) {
                (link, port) = (String(match.1), Int(match.2) ?? 0)
                return
            }
            usleep(20_000)
        }
        process.terminate()
        throw Failure.didNotStart(log)
    }

    deinit { kill() }

    /// All that it wrote to standard error.
    package var log: String { (try? String(contentsOf: errors, encoding: .utf8)) ?? "" }

    package var processIdentifier: Int32 { process.processIdentifier }
    package var isRunning: Bool { process.isRunning }

    /// Asks it to end, and waits for that.
    /// - Returns: Its status, and the seconds that it took.
    package func stop() -> (status: Int32, seconds: Double) {
        let start = Date()
        process.terminate()
        process.waitUntilExit()
        return (process.terminationStatus, Date().timeIntervalSince(start))
    }

    /// Ends it at once, as a power cut would.
    package func kill() {
        guard process.isRunning else { return }
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Opens the one-time link.
    @discardableResult
    package func logIn() throws -> SocketClient.Answer {
        let target = "/" + (link.split(separator: "/").last.map(String.init) ?? "")
        let answer = try SocketClient(port: port).request("GET", target, host: host)
        cookie = answer.fields["set-cookie"]?.split(separator: ";").first.map(String.init) ?? ""
        return answer
    }

    package var host: String { "127.0.0.1:\(port)" }

    /// A request of the session that is logged in, on a connection of its own.
    package func request(
        _ method: String, _ target: String, json: Any? = nil, body: Data? = nil, fields: [String: String] = [:]
    ) throws -> SocketClient.Answer {
        var all = fields
        if !cookie.isEmpty, all["Cookie"] == nil { all["Cookie"] = cookie }
        var bytes = body
        if let json {
            all["Content-Type"] = "application/json"
            bytes = try JSONSerialization.data(withJSONObject: json, options: [.fragmentsAllowed])
        }
        all["Connection"] = "close"
        return try SocketClient(port: port).request(method, target, host: host, fields: all, body: bytes)
    }

    /// Adds a file.
    package func add(_ bytes: Data, name: String) throws -> SocketClient.Answer {
        let escaped = name.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "file"
        return try request("POST", "/api/v1/instances?name=\(escaped)", body: bytes)
    }
}
