import Foundation

/// The programs of this package, built beside the tests.
package enum ProgramUnderTest {
    package static func pleura(_ arguments: String..., in directory: URL? = nil) throws -> Shell.Result {
        try run(arguments, in: directory)
    }

    /// Runs `pleura`.
    /// - Parameters:
    ///   - cache: `XDG_CACHE_HOME`; where it is not given, the networks that `detect` compiles are kept with what was built, not with the user's.
    ///   - started: Gets the process while it runs.
    package static func run(
        _ arguments: [String], in directory: URL? = nil, cache: URL? = nil, started: (Process) throws -> Void = { _ in }
    ) throws -> Shell.Result {
        let cache = cache ?? (["detect", "doctor"].contains(arguments.first) ? ownCache : nil)
        return try Shell.run(
            program: file().path, arguments, directory: directory, environment: cache.map { ["XDG_CACHE_HOME": $0.path] } ?? [:],
            started: started)
    }

    private static let ownCache = Repository.root.appendingPathComponent(".build/cache-of-tests")

    package static func file(_ name: String = "pleura") throws -> URL {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent(name)
    }
}
