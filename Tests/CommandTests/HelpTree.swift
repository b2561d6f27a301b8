import Foundation
import PleuraTesting
import Testing

/// Every command that the built programs have, and its options, as their parser tells of itself.
struct HelpTree {
    struct Option {
        /// Such as `--json`; all names of it.
        var names: [String]
        var abstract: String
        var valueName: String
    }
    struct Command {
        /// Program and words, such as `pleura dataset split`.
        var words: [String]
        var options: [Option]
        var flags: [String]
    }

    /// Those that do something, not those that only have others below them.
    static func commands() throws -> [Command] { try ["pleura", "pleura-train"].flatMap(commands(of:)) }

    private static func commands(of program: String) throws -> [Command] {
        let path = try ProgramUnderTest.file(program).path
        let dump = try Shell.run(program: path, ["--experimental-dump-help"])
        let document = try #require(try JSONSerialization.jsonObject(with: Data(dump.output.utf8)) as? [String: Any])
        return leaves(try #require(document["command"] as? [String: Any]), [])
    }

    private static func leaves(_ command: [String: Any], _ above: [String]) -> [Command] {
        let words = above + [command["commandName"] as? String ?? ""]
        let below = (command["subcommands"] as? [[String: Any]] ?? []).filter { $0["commandName"] as? String != "help" }
        guard below.isEmpty else { return below.flatMap { leaves($0, words) } }
        let arguments = command["arguments"] as? [[String: Any]] ?? []
        func names(_ argument: [String: Any]) -> [String] {
            (argument["names"] as? [[String: Any]] ?? []).compactMap { name in
                (name["name"] as? String).map { (name["kind"] as? String == "long" ? "--" : "-") + $0 }
            }
        }
        let options = arguments.filter { $0["kind"] as? String == "option" }.map {
            Option(names: names($0), abstract: $0["abstract"] as? String ?? "", valueName: $0["valueName"] as? String ?? "")
        }
        return [Command(words: words, options: options, flags: arguments.filter { $0["kind"] as? String == "flag" }.flatMap(names))]
    }
}
