import Archive
import ArgumentParser
import Basics
import Console
import Foundation
import Outputs
import Workstation

struct ServeTokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Tokens by which other programs use the reading room's interfaces.",
        subcommands: [AddTokenCommand.self, ListTokensCommand.self, EndTokenCommand.self])
}

struct AddTokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Make a token and print it, once.",
        discussion: "A program sends it as Authorization: Bearer TOKEN. The audit trail names it token:NAME.")

    @Argument(help: ArgumentHelp("Small letters, digits and . - _.", valueName: "name"))
    var name: String
    @Option(help: ArgumentHelp("What the program may do: reader, or administrator, who also sees the audit trail.", valueName: "role"))
    var role: Role = .reader
    @Option(help: ArgumentHelp("Days after which it ends.", valueName: "days"))
    var days: Int = 365
    @OptionGroup var archive: ArchiveOptions

    func run() async throws {
        let store = try await archive.archive(try archive.configuration())
        let token: String
        do {
            token = try await AccessTokens(archive: store).add(name, role: role, days: days)
        } catch {
            throw Failure(.wrongUse, Accounts.reason(error))
        }
        StandardError.line("pleura: the token \(name.lowercased()), \(role.rawValue), for \(days) days; it is not shown again")
        StandardOutput.write(token + "\n")
    }
}

struct ListTokensCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the tokens that hold.")

    @OptionGroup var archive: ArchiveOptions

    func run() async throws {
        do {
            for token in try await AccessTokens(archive: try await archive.archive(try archive.configuration())).all() {
                let used = token.lastUsed.map { "used \($0.formatted(.iso8601))" } ?? "not used"
                StandardOutput.write("\(token.name)\t\(token.role.rawValue)\tends \(token.ends.formatted(.iso8601))\t\(used)\n")
            }
        } catch let error as Failure {
            throw error
        } catch {
            throw Failure(.wrongUse, Accounts.reason(error))
        }
    }
}

struct EndTokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "end", abstract: "End a token.")

    @Argument var name: String
    @OptionGroup var archive: ArchiveOptions

    func run() async throws {
        do {
            try await AccessTokens(archive: try await archive.archive(try archive.configuration())).end(name)
        } catch let error as Failure {
            throw error
        } catch {
            throw Failure(.wrongUse, Accounts.reason(error))
        }
    }
}
