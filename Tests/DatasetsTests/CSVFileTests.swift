import Basics
import Datasets
import Findings
import Foundation
import PleuraTesting
import Testing

@Suite struct CSVFileTests {
    private func records(_ text: String, in root: TemporaryFolder) throws -> [CSVFile.Record] { try records(Data(text.utf8), in: root) }

    private func records(_ bytes: Data, in root: TemporaryFolder) throws -> [CSVFile.Record] {
        let url = root.file("table.csv")
        try bytes.write(to: url)
        var found: [CSVFile.Record] = []
        try CSVFile(url).forEachRecord { record, _ in found.append(record) }
        return found
    }

    /// The rows of a random table, written in every way that means the same: with quotation marks around all fields, which SwiftCSV
    /// parses, or around those alone that need them, so that most rows are split without it.
    @Test(arguments: 0..<20)
    func bothWaysOfReadingGiveTheFieldsThatWereWritten(seed: Int) throws {
        let root = try TemporaryFolder()
        var random = SeededGenerator(seed: UInt64(seed))
        let pieces = [
            "a", "7", ".", "-", "x y", "\t|", "ñ", "e\u{301}", "–", "\u{1F9E0}", "'", ";", "\"", ",", "\n", "\u{2028}", "\u{0}", "\u{7F}",
        ]
        // Half of the tables are plain, as nearly all of the real ones.
        let alphabet = seed % 2 == 0 ? Array(pieces.prefix(4)) : pieces
        let columns = Int.random(in: 1...7, using: &random)
        var table: [[String]] = []
        for _ in 0..<200 {
            table.append(
                (0..<columns).map { _ in
                    let field = (0..<Int.random(in: 0...4, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? "" }
                        .joined()
                    return field.trimmingCharacters(in: .whitespaces)
                })
        }
        table.removeAll { $0.allSatisfy(\.isEmpty) }
        let expected = table.map { CSVFile.Record.fields($0) }
        let header = (0..<columns).map { "column \($0)" }.joined(separator: ",")
        func quoted(_ field: String) -> String { "\"" + field.replacingOccurrences(of: "\"", with: "\"\"") + "\"" }
        for end in ["\n", "\r\n", "\r"] {
            let all = ([header] + table.map { $0.map(quoted).joined(separator: ",") }).joined(separator: end)
            let few = ([header] + table.map { $0.map(CSVField.quoted).joined(separator: ",") }).joined(separator: end)
            let blanks = ([header] + table.map { $0.map { " \(CSVField.quoted($0))\t" }.joined(separator: ",") }).joined(separator: end)
            #expect(try records(all, in: root) == expected)
            #expect(try records(few + end, in: root) == expected)
            #expect(try records("\u{FEFF}" + few, in: root) == expected)
            #expect(try records(blanks, in: root) == expected)
        }
    }

    @Test func faultsAreOfTheirRowsAloneAndRowsAreCounted() throws {
        let root = try TemporaryFolder()
        let url = root.file("table.csv")
        var bytes = Data("a,b\n1,2\n\n5\" wide,3\n\"x\"y,3\n4,".utf8)
        bytes += [0x81, 0xFE]
        bytes += Data("\n\"two\nlines\",5\n,,\n6,7,8\n\"open,9\n1,2\n".utf8)
        try bytes.write(to: url)
        var found: [Int: CSVFile.Record] = [:]
        try CSVFile(url).forEachRecord { found[$1] = $0 }
        let mark = CSVFile.Record.fault("a quotation mark or a line end where none can be")
        #expect(
            found == [
                2: .fields(["1", "2"]), 4: mark, 5: mark, 6: .fault("not UTF-8 text"), 7: .fields(["two\nlines", "5"]),
                9: .fields(["6", "7", "8"]), 10: .fault("a quotation mark that is never closed; what is below cannot be read"),
            ])
        let error = #expect(throws: DatasetError.self) { try CSVFile(url).forEachRow { _, _ in } }
        #expect(error?.reason == "table.csv, row 4: a quotation mark or a line end where none can be")
    }

    @Test func aRowWithoutEndIsNotHeldInMemory() throws {
        let root = try TemporaryFolder()
        let text = "a,b\n\"" + String(repeating: "x", count: 3 << 20) + "\",1\n2,3\n"
        #expect(try records(text, in: root) == [.fault("longer than a row can be"), .fields(["2", "3"])])
    }

    @Test func theFirstProblemsAreKeptAndTheOthersCounted() {
        var problems: ProblemList = ["first"]
        #expect(problems.total == 1 && Array(problems) == ["first"] && problems == ProblemList(["first"]))
        var made = 0
        func line(_ number: Int) -> String {
            made += 1
            return "problem \(number)"
        }
        for number in 2...5_000 { problems.append(line(number)) }
        #expect(made == ProblemList.kept - 1 && problems.total == 5_000 && problems.count == ProblemList.kept + 1)
        #expect(problems.dropFirst().first == "problem 2" && problems.last == "and 4000 problems more")
        var others: ProblemList = ["before"]
        others += problems
        others += ["after"]
        #expect(others.total == 5_002 && others.count == ProblemList.kept + 1 && others.last == "and 4002 problems more")
        #expect(DatasetError(.malformed, "one").problems == ["one"])
    }
}
