import ArgumentParser
import Foundation

/// Hands over to `pleura-train`, which carries LibTorch; a site's program does not.
struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Train a detector (runs pleura-train, found beside this program).", helpNames: [])

    @Argument(parsing: .captureForPassthrough, help: "What pleura-train train takes.")
    var arguments: [String] = []

    func run() throws { throw TrainingProgram.run(["train"] + arguments) }
}

/// Hands over as `pleura train` does: the log of experiments is kept by the program that makes the runs.
struct ExperimentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "experiment", abstract: "Note finished trainings in a log of experiments (runs pleura-train).", helpNames: [])

    @Argument(parsing: .captureForPassthrough, help: "What pleura-train experiment takes.")
    var arguments: [String] = []

    func run() throws { throw TrainingProgram.run(["experiment"] + arguments) }
}

/// `pleura-train`, where it was built.
enum TrainingProgram {
    static var folder: URL {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: own).deletingLastPathComponent()
    }

    static var url: URL? {
        let program = folder.appendingPathComponent("pleura-train")
        return FileManager.default.isExecutableFile(atPath: program.path) ? program : nil
    }

    /// Becomes that program.
    /// - Returns: Only where it cannot: why.
    static func run(_ arguments: [String]) -> Failure {
        guard let program = url else {
            return Failure(
                .somethingMissing,
                "training needs the program pleura-train beside this one (\(folder.path)), and it is not there; build it with: make train"
            )
        }
        // The new program expects the usual signal.
        signal(SIGPIPE, SIG_DFL)
        var words = ([program.path] + arguments).map { strdup($0) }
        words.append(nil)
        execv(program.path, words)
        return Failure(.somethingMissing, "\(program.path): it cannot be run")
    }

    /// What it says of itself; `nil` where it is not built or does not start.
    static func version() -> String? {
        guard let url else { return nil }
        let process = Process()
        let pipe = Pipe()
        process.executableURL = url
        process.arguments = ["--version"]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil, let bytes = try? pipe.fileHandleForReading.readToEnd() else { return nil }
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { return nil }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").first.map(String.init)
    }
}
