import Archive
import ArgumentParser
import Basics
import Console
import Foundation
import Outputs
import Workstation

extension Role: ExpressibleByArgument {}

struct ServeUserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Accounts of the reading room.",
        subcommands: [AddUserCommand.self, ListUsersCommand.self, DisableUserCommand.self])
}

struct AddUserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Make an account, or give one another password.",
        discussion: "The password is asked for, or is the first line of standard input where that is no terminal.")

    @Argument(help: ArgumentHelp("Small letters, digits and . - _ @.", valueName: "name"))
    var name: String
    @Option(
        help: ArgumentHelp("What the person may do: reader, or administrator, who also changes settings and accounts.", valueName: "role"))
    var role: Role = .reader
    @OptionGroup var archive: ArchiveOptions

    func run() async throws {
        let store = try await archive.archive(try archive.configuration())
        let password = try Self.password()
        do {
            try await Accounts(archive: store).set(name, role: role, password: password)
        } catch {
            throw Failure(.wrongUse, Accounts.reason(error))
        }
        StandardError.line("pleura: \(name.lowercased()) may log in, as \(role.rawValue)")
    }

    private static func password() throws -> String {
        guard isatty(STDIN_FILENO) == 1 else {
            guard let line = readLine(), !line.isEmpty else { throw Failure(.wrongUse, "no password on standard input") }
            return line
        }
        func ask(_ text: String) -> String? { getpass(text).map { String(cString: $0) } }
        guard let first = ask("Password: "), !first.isEmpty else { throw Failure(.wrongUse, "no password") }
        guard ask("Again: ") == first else { throw Failure(.wrongUse, "the two are not the same") }
        return first
    }
}

struct ListUsersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the accounts.")

    @OptionGroup var archive: ArchiveOptions

    func run() async throws {
        for user in try await archive.archive(try archive.configuration()).users() {
            StandardOutput.write("\(user.name)\t\(user.role.rawValue)\(user.isDisabled ? "\tdisabled" : "")\n")
        }
    }
}

struct DisableUserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "End an account's sessions and let it log in no more.")

    @Argument var name: String
    @OptionGroup var archive: ArchiveOptions

    func run() async throws {
        do {
            try await Accounts(archive: try await archive.archive(try archive.configuration())).disable(name)
        } catch {
            throw Failure(.wrongUse, Accounts.reason(error))
        }
    }
}
