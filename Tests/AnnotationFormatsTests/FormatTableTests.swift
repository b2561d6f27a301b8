import AnnotationFormats
import Foundation
import Interchange
import PleuraTesting
import Testing

/// The table in Documentation/Datasets.md of what formats cannot carry says what the code says.
@Suite struct FormatTableTests {
    static var table: String {
        let everything = FormatContents(rawValue: FormatContents.attributes.rawValue * 2 - 1)
        let rows = AnnotationFormats.all.map { format in
            let missing = everything.subtracting(format.contents).descriptions
            return "| `\(format.name)` | \(format.title) | \(missing.isEmpty ? "nothing" : missing.joined(separator: ", ")) |"
        }
        return (["| `--format` | what it is | cannot carry |", "|---|---|---|"] + rows).joined(separator: "\n")
    }

    @Test func theTableOfTheDocumentIsTrue() throws {
        let document = try String(contentsOf: Repository.root.appendingPathComponent("Documentation/Datasets.md"), encoding: .utf8)
        #expect(document.contains(Self.table), "the table should be:\n\(Self.table)")
    }
}
