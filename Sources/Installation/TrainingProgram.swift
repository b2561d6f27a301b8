import Basics
import Foundation

/// `pleura-train`, where it was built. It says itself what it lacks.
public struct TrainingProgram: Sendable {
    private static let name = "pleura-train"

    /// Where it is looked for.
    public let folder: URL

    /// - Parameter folder: `nil` for that of the running program.
    public init(in folder: URL? = nil) {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        self.folder = folder ?? URL(fileURLWithPath: own).deletingLastPathComponent()
    }

    /// `nil` where it is not built.
    public var url: URL? {
        let program = folder.appendingPathComponent(Self.name)
        return FileManager.default.isExecutableFile(atPath: program.path) ? program : nil
    }

    /// The running program becomes that one, with these arguments.
    /// - Throws: `TrainingProgramError`; it returns in no other way.
    public func run(_ arguments: [String]) throws(TrainingProgramError) -> Never {
        guard let program = url else {
            throw TrainingProgramError(
                .missing,
                "training needs the program pleura-train beside this one (\(folder.path)), and it is not there; build it with: make train"
            )
        }
        // The new program expects the usual signal.
        signal(SIGPIPE, SIG_DFL)
        var words = ([program.path] + arguments).map { strdup($0) }
        words.append(nil)
        execv(program.path, words)
        throw TrainingProgramError(.cannotRun, "\(program.path): it cannot be run")
    }

    /// What it says of itself; `nil` where it is not built or does not start.
    public func version() -> String? {
        guard let said = ask(), said.status == 0 else { return nil }
        return said.output.split(separator: "\n").first.map(String.init)
    }

    /// Why it does not start, as it says; `nil` where it says nothing.
    public func failure() -> String? {
        guard let said = ask(), said.status != 0, let line = said.errors.split(separator: "\n").first else { return nil }
        let prefix = "\(Self.name): "
        return String(line.hasPrefix(prefix) ? line.dropFirst(prefix.count) : line)
    }

    private func ask() -> (status: Int32, output: String, errors: String)? {
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
