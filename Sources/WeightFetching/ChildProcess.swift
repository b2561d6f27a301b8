import Foundation

/// A program that is run to its end.
enum ChildProcess {
    struct Result {
        var status: Int32
        var errors: String
    }

    /// - Throws: Where it cannot be started.
    static func run(_ program: URL, _ arguments: [String]) throws -> Result {
        // Through a file, so that no pipe can fill up and stall the program.
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("pleura-\(UUID().uuidString)")
        try Data().write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = try FileHandle(forWritingTo: file)
        try process.run()
        process.waitUntilExit()
        let errors = String(decoding: (try? Data(contentsOf: file)) ?? Data(), as: UTF8.self)
        return Result(status: process.terminationReason == .exit ? process.terminationStatus : -1, errors: errors)
    }
}
