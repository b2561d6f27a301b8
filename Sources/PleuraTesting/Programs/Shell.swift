import Foundation

/// Runs a command as a person would.
public enum Shell {
    public struct Result: Sendable {
        public var status: Int32
        /// Whether the process was ended by a signal.
        public var signalled: Bool
        public var output: String
        public var errors: String
    }

    /// A line for `/bin/sh`.
    public static func run(_ line: String) throws -> Result { try run(program: "/bin/sh", ["-c", line]) }

    /// - Parameters:
    ///   - environment: Variables that it has beside this process's.
    ///   - started: Gets the process while it runs, to send it signals.
    public static func run(
        program: String, _ arguments: [String], directory: URL? = nil, environment: [String: String] = [:],
        started: (Process) throws -> Void = { _ in }
    ) throws -> Result {
        // Through files, so that neither pipe can fill up and stall the program.
        let folder = try TemporaryFolder()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        if let directory { process.currentDirectoryURL = directory }
        if !environment.isEmpty { process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 } }
        for name in ["output", "errors"] { try Data().write(to: folder.file(name)) }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: folder.file("output"))
        process.standardError = try FileHandle(forWritingTo: folder.file("errors"))
        try process.run()
        defer { if process.isRunning { process.terminate() } }
        try started(process)
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus, signalled: process.terminationReason == .uncaughtSignal,
            output: String(decoding: try Data(contentsOf: folder.file("output")), as: UTF8.self),
            errors: String(decoding: try Data(contentsOf: folder.file("errors")), as: UTF8.self))
    }
}
