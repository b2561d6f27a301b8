import Foundation
import TestSupport
import Testing

/// The built `pleura`, beside the tests.
enum ProgramUnderTest {
    static func pleura(_ arguments: String..., in directory: URL? = nil) throws -> Shell.Result {
        try run(arguments, in: directory)
    }

    static func run(_ arguments: [String], in directory: URL? = nil) throws -> Shell.Result {
        try Shell.run(program: program().path, arguments, directory: directory)
    }

    static func program() throws -> URL {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("pleura")
    }
}
