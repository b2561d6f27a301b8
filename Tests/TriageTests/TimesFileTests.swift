import Foundation
import Testing
import Triage

@Suite struct TimesFileTests {
    private func file(_ text: String) throws -> TimesFile { try TimesFile(Data(text.utf8), name: "times.csv") }

    private func problem(_ text: String) -> String {
        do {
            _ = try file(text)
            return "none"
        } catch let error as TriageError {
            return error.lines.joined(separator: "\n")
        } catch { return "another" }
    }

    @Test func minutesAndNames() throws {
        let read = try file(
            """
            arrival,reading_minutes,findings,flagged,urgency,score,ward
            1450,4.5,Pneumothorax;Pleural effusion,pneumothorax,,0.9,A
            1445,3,,,STAT,0.1,B
            1460,2,none,Nodule|Effusion,R,0.5,
            """)
        #expect(read.findings == ["Pneumothorax", "Pleural effusion", "Nodule", "Effusion"] && read.hasFlags && read.hasScores)
        #expect(
            read.studies == [
                SimulatedStudy(arrival: 5, reading: 3, isStat: true, score: 0.1),
                SimulatedStudy(arrival: 10, reading: 4.5, findings: [0, 1].set, flagged: [0].set, score: 0.9),
                SimulatedStudy(arrival: 20, reading: 2, flagged: [2, 3].set, score: 0.5),
            ])
    }

    /// Minute 0 is the midnight before the first, on the clock of the site.
    @Test(arguments: [
        ("2026-02-28T23:50:00Z", "2026-03-01T00:20:30Z"), ("2026-02-28 23:50", "2026-03-01 00:20:30"),
        ("2026-02-28T23:50:00+02:00", "2026-03-01T00:20:30+02:00"), ("2026-02-28T23:50:00.0-0530", "2026-03-01T00:20:30.000-05:30"),
        ("2026-02-28T23:50:00+01", "2026-02-28T23:20:30Z"),
    ])
    func datesOfAnyKind(first: String, second: String) throws {
        let read = try file("Arrival,Reading minutes,Findings\n\(second),1,X\n\(first),1,X\n")
        #expect(read.studies.map(\.arrival) == [1430, 1460.5])
    }

    @Test func whatSpreadsheetsWrite() throws {
        let expected = try file("arrival,reading_minutes,findings\n1,2,A;B\n2,3,\n").studies
        for text in [
            "\u{FEFF}arrival,reading_minutes,findings\r\n1,2,\"A;B\"\r\n2,3,\r\n\r\n",
            "arrival;reading_minutes;findings\n1;2;\"A;B\"\n2;3\n",
            "arrival\treading_minutes\tfindings\r1\t2\tA | B\r2\t3\t\t\t\r",
            "arrival , reading_minutes , findings\n 1 , 2 , A;B \n2,3,None;\n",
        ] {
            #expect(try file(text).studies == expected, "\(text)")
        }
        let wide = "arrival,reading_minutes,findings\n1,2,A;B\n2,3,\n".data(using: .utf16) ?? Data()
        #expect(try TimesFile(wide, name: "").studies == expected)
    }

    @Test func everyBadRowIsNamed() {
        let header = "arrival,reading_minutes,findings,score,urgency\n"
        let text = problem(
            header
                + "1,1,X,1,\nsoon,1,X,1,\n2,0,X,1,\n3,x,X,1,\n4,1,X,high,\n5,1,X,1,now\n6,1,X,1,,7\n2026-01-01T00:00Z,1,X,1,\n\n7,inf,X,1,\n8,1,\"X,1,"
        )
        for line in [3, 4, 5, 6, 7, 8, 9, 11, 12] { #expect(text.contains("times.csv, line \(line): "), "\(line): \(text)") }
        #expect(!text.contains("line 2:") && text.contains("malformed: 9 of 10 rows"))
        #expect(
            text.contains("line 3: arrival is neither") && text.contains("line 4: reading_minutes is") && text.contains("line 6: score is"))
        #expect(
            text.contains("line 7: urgency is stat or routine") && text.contains("line 8: 6 fields")
                && text.contains("line 9: arrival: the rows"))
        // What stands in a row is nobody's business.
        #expect(!text.contains("soon") && !text.contains("high"))
    }

    @Test func manyBadRowsAreCountedNotListed() {
        let text = problem("arrival,reading_minutes,findings\n" + String(repeating: "x,1,X\n", count: 500))
        #expect(text.split(separator: "\n").count == 21 && text.contains("500 of 500 rows"))
    }

    @Test(arguments: [
        ("", "it is empty"), ("\n\n", "it is empty"), ("arrival,findings\n1,X\n", "no column reading_minutes"),
        ("arrival,reading_minutes,findings\n", "no row below the header"),
        ("arrival,reading_minutes,findings\n1,1,\n", "no row has a finding"),
        ("arrival,arrival,reading_minutes,findings\n1,1,1,X\n", "column arrival twice"),
    ])
    func whatIsNoTableIsRefused(text: String, reason: String) { #expect(problem(text).contains(reason), "\(problem(text))") }

    @Test func badBytesAndFiles() throws {
        #expect(throws: TriageError(.malformed, "")) { try TimesFile(Data([0x61, 0xC3, 0xA9, 0x0A, 0xFF, 0x00, 0xFE]), name: "") }
        #expect(throws: TriageError(.missing, "")) { try TimesFile.read("/nowhere/times.csv") }
        let names = (0..<70).map { "F\($0)" }.joined(separator: ";")
        #expect(problem("arrival,reading_minutes,findings\n1,1,\(names)\n").contains("more than 64 different findings"))
    }

    @Test(arguments: [
        "2026-02-30T10:00Z", "2026-13-01T10:00Z", "2026-01-01T24:00Z", "2026-01-01", "-5", "nan", "inf", "20260301081500",
        "2026-01-01T10:00ZZ",
        "2026-01-01T10:00:61Z", "2026-01-01T10:00+99:00", "",
    ])
    func noMoments(text: String) {
        #expect(problem("arrival,reading_minutes,findings\n\(text),1,X\n").contains("line 2: arrival is neither"), "\(text)")
    }
}

extension [Int] {
    fileprivate var set: FindingSet { FindingSet(map { FindingSet(index: $0) }) }
}
