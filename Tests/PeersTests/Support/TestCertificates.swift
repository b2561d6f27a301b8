import Foundation
import Peers
import Testing

/// Authorities, and certificates of theirs, made once by the `openssl` command.
struct TestCertificates: Sendable {
    enum Failure: Error { case openssl(String) }

    let folder: URL

    /// Shared by all tests; making them takes a second, on a thread that may wait.
    static let shared = Task { try await onThread { try TestCertificates() } }

    private init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "pleura-peers-\(ProcessInfo.processInfo.processIdentifier)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for authority in ["authority", "stranger-authority"] {
            try openssl(
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=\(authority)",
                "-keyout", path("\(authority).key"), "-out", path("\(authority).pem"))
        }
        try issue("server", by: "authority", names: "DNS:localhost,IP:127.0.0.1")
        try issue("named", by: "authority", names: "DNS:pacs.example")
        try issue("client", by: "authority", names: "DNS:pleura.example")
        try issue("stranger", by: "stranger-authority", names: "DNS:localhost,IP:127.0.0.1")
        try issue("expired", by: "authority", names: "DNS:localhost,IP:127.0.0.1", days: "-1")
    }

    /// A server's keys that ask clients for a certificate, or a client's.
    func keys(_ name: String?, trusting authority: String? = "authority", serverName: String? = nil) -> TransportSecurity {
        .on(
            TransportKeys(
                trustedAuthorities: authority.map { file("\($0).pem") }, certificate: name.map { file("\($0).pem") },
                key: name.map { file("\($0).key") }, serverName: serverName))
    }

    func file(_ name: String) -> URL { folder.appending(path: name) }

    private func path(_ name: String) -> String { file(name).path }

    private func issue(_ name: String, by authority: String, names: String, days: String = "2") throws {
        try openssl(
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=\(name)", "-keyout", path("\(name).key"),
            "-out", path("\(name).request"))
        try Data("subjectAltName=\(names)\n".utf8).write(to: file("\(name).names"))
        try openssl(
            "x509", "-req", "-in", path("\(name).request"), "-CA", path("\(authority).pem"), "-CAkey", path("\(authority).key"),
            "-CAcreateserial", "-days", days, "-extfile", path("\(name).names"), "-out", path("\(name).pem"))
    }

    private func openssl(_ arguments: String...) throws { _ = try runNow("openssl", arguments) }
}

/// Runs work that waits, beside Swift's own threads: those are few, and other tests need them.
func onThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result(catching: work)) }
    }
}

/// What a program writes to its standard output.
func run(_ program: String, _ arguments: [String], input: Data = Data()) async throws -> Data {
    try await onThread { try runNow(program, arguments, input: input) }
}

private func runNow(_ program: String, _ arguments: [String], input: Data = Data()) throws -> Data {
    let process = Process()
    let (output, errors, entry) = (Pipe(), Pipe(), Pipe())
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [program] + arguments
    (process.standardInput, process.standardOutput, process.standardError) = (entry, output, errors)
    try process.run()
    entry.fileHandleForWriting.write(input)
    try entry.fileHandleForWriting.close()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    let complaint = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw TestCertificates.Failure.openssl(String(decoding: complaint, as: UTF8.self)) }
    return bytes
}
