import ArgumentParser
import Basics
import Console
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

/// `pleura-train`, where it was built. It says itself what it lacks.
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
        guard let said = ask(), said.status == 0 else { return nil }
        return said.output.split(separator: "\n").first.map(String.init)
    }

    /// Why it does not start, as it says; `nil` where it says nothing.
    static func failure() -> String? {
        guard let said = ask(), said.status != 0, let line = said.errors.split(separator: "\n").first else { return nil }
        return String(line.hasPrefix("pleura-train: ") ? line.dropFirst(14) : line)
    }

    private static func ask() -> (status: Int32, output: String, errors: String)? {
        guard let url else { return nil }
        let process = Process()
        let (output, errors) = (Pipe(), Pipe())
        process.executableURL = url
        process.arguments = ["--version"]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        guard (try? process.run()) != nil else { return nil }
        // A line each, which no pipe is too small for.
        let said = [output, errors].map { String(decoding: (try? $0.fileHandleForReading.readToEnd()) ?? Data(), as: UTF8.self) }
        process.waitUntilExit()
        return (process.terminationStatus, said[0], said[1])
    }
}
