import Foundation

/// Programs that are not ours, which some tests ask and most machines lack.
package enum OtherProgram {
    /// The path in a variable of the environment; nil where there is none or it is empty.
    package static func named(by variable: String) -> String? {
        ProcessInfo.processInfo.environment[variable].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The first of that name in `PATH`.
    package static func found(_ name: String) -> String? {
        ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":").map { "\($0)/\(name)" }
            .first(where: FileManager.default.isExecutableFile)
    }
}
