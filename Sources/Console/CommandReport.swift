import Findings
import Foundation
import Outputs

/// The JSON of a command that has no larger report of its own: schema, notice, the command, and beside them what it found or did.
package enum CommandReport {
    /// Counts up when a key changes its meaning; new keys do not change it.
    package static let schema = 1

    /// Indented, with sorted keys, ending in a line feed.
    /// - Parameter values: An object.
    /// - Throws: `ReportError` of code `cannotEncode` where a number is not finite.
    package static func json(_ command: String, _ values: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            return try encoder.encode(Document(command: command, values: values)) + Data("\n".utf8)
        } catch {
            throw ReportError(.cannotEncode, "a number is not finite")
        }
    }

    private struct Document<Values: Encodable>: Encodable {
        let command: String
        let values: Values

        private enum CodingKeys: String, CodingKey {
            case schema, notice, command
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(CommandReport.schema, forKey: .schema)
            try container.encode(Notice.researchUseOnly, forKey: .notice)
            try container.encode(command, forKey: .command)
            // Beside these keys, not below them.
            try values.encode(to: encoder)
        }
    }
}
