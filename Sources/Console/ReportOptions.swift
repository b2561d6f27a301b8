import ArgumentParser
import Foundation
import Outputs

/// What every command knows that says something: where its JSON goes, and whether it is silent.
package struct ReportOptions: ParsableArguments {
    @Option(
        defaultAsFlag: "-", parsing: .next,
        help: ArgumentHelp(
            "Write what was found or done as JSON; - is standard output, which then gets no text. Last on the line, it needs no file.",
            valueName: "file"))
    package var json: String?
    @Flag(help: "Nothing on standard error but failures and warnings.")
    package var quiet = false

    package init() {}

    package func validate() throws {
        if json?.isEmpty == true { throw ValidationError("A file's name must not be empty.") }
    }

    /// Whether text may go to standard output.
    package var printsText: Bool { json != "-" }

    /// Looks at where results go before any work is done.
    /// - Parameters:
    ///   - inputs: Files that the command reads.
    ///   - others: Where it writes beside its JSON, each by its option.
    /// - Throws: `ReportError` of code `inTheWay`.
    package func claim(inputs: [String] = [], beside others: [(option: String, path: String?)] = []) throws {
        var places = OutputPlaces(inputs: inputs)
        for case let (option, path?) in others { try places.claim(path, for: option) }
        if let json { try places.claim(json, for: "--json") }
    }

    /// Writes a command's JSON, where it is wanted.
    /// - Parameter command: Such as `dataset split`.
    package func write(_ command: String, _ values: @autoclosure () throws -> some Encodable) throws {
        guard let json else { return }
        try OutputFile.write(CommandReport.json(command, values()), toFileOrStandardOutput: json)
    }

    /// A line on standard error for people who want to know.
    package func note(_ text: @autoclosure () -> String) {
        if !quiet { StandardError.line("pleura: \(text())") }
    }
}
