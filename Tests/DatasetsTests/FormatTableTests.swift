import Datasets
import Foundation
import TestSupport
import Testing

/// The README's table of what formats cannot carry says what the code says.
@Suite struct FormatTableTests {
    static var table: String {
        let everything = FormatContents(rawValue: FormatContents.attributes.rawValue * 2 - 1)
        let rows = AnnotationFormats.all.map { format in
            let missing = everything.subtracting(format.contents).descriptions
            return "| `\(format.name)` | \(format.title) | \(missing.isEmpty ? "nothing" : missing.joined(separator: ", ")) |"
        }
        return (["| `--format` | what it is | cannot carry |", "|---|---|---|"] + rows).joined(separator: "\n")
    }

    @Test func theTableOfTheREADMEIsTrue() throws {
        let readme = try String(contentsOf: Repository.root.appendingPathComponent("README.md"), encoding: .utf8)
        #expect(readme.contains(Self.table), "the table should be:\n\(Self.table)")
    }
}
