import Basics
import Foundation

/// A program beside `pleura` that carries what a site may not need, where it was built. It says itself what it lacks.
public struct CompanionProgram: Sendable {
    public enum Kind: String, Sendable {
        /// Carries LibTorch.
        case training = "pleura-train"
        /// Carries the server of the reading room.
        case server = "pleura-serve"

        /// What needs it, and how it is built.
        fileprivate var need: (what: String, target: String) {
            switch self {
            case .training: ("training", "train")
            case .server: ("the reading room", "serve")
            }
        }
    }

    public let kind: Kind
    /// Where it is looked for.
    public let folder: URL
    private var name: String { kind.rawValue }

    /// - Parameter folder: `nil` for that of the running program.
    public init(_ kind: Kind, in folder: URL? = nil) {
        self.kind = kind
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        self.folder = folder ?? URL(fileURLWithPath: own).deletingLastPathComponent()
    }

    /// `nil` where it is not built.
    public var url: URL? {
        let program = folder.appendingPathComponent(name)
        return FileManager.default.isExecutableFile(atPath: program.path) ? program : nil
    }

    /// The running program becomes that one, with these arguments.
    /// - Throws: `CompanionProgramError`; it returns in no other way.
    public func run(_ arguments: [String]) throws(CompanionProgramError) -> Never {
        guard let program = url else {
            throw CompanionProgramError(
                .missing,
                "\(kind.need.what) needs the program \(name) beside this one (\(folder.path)), and it is not there; build it with: make \(kind.need.target)"
            )
        }
        // The new program expects the usual signal.
        signal(SIGPIPE, SIG_DFL)
        var words = ([program.path] + arguments).map { strdup($0) }
        words.append(nil)
        execv(program.path, words)
        throw CompanionProgramError(.cannotRun, "\(program.path): it cannot be run")
    }

    /// What it says of itself; `nil` where it is not built or does not start.
    public func version() -> String? {
        guard let said = ask(), said.status == 0 else { return nil }
        return said.output.split(separator: "\n").first.map(String.init)
    }

    /// Why it does not start, as it says; `nil` where it says nothing.
    public func failure() -> String? {
        guard let said = ask(), said.status != 0, let line = said.errors.split(separator: "\n").first else { return nil }
        let prefix = "\(name): "
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
