import Feedback
import Foundation
import Geometry
import HashChains
import PleuraTesting
import Testing

@Suite struct FeedbackLogTests {
    private let folder: TemporaryFolder
    private var file: URL { folder.file("feedback.jsonl") }

    init() throws { folder = try TemporaryFolder() }

    static func context(_ reading: Int64 = 1, image: String = "i", reader: String = "r", patient: String = "p") -> FeedbackEvent.Context {
        FeedbackEvent.Context(
            time: Date(timeIntervalSince1970: 1_700_000_000.123_456), reader: reader, model: "m", image: image, patient: patient,
            reading: reading, isSigned: true)
    }

    private func write(_ count: Int) throws -> FeedbackLog {
        let log = FeedbackLog(folder: folder.url)
        for index in 0..<count {
            let box = Box(x: 0.1 * Double(index), y: 1.0 / 3, width: 7, height: 9.25)
            try log.append([
                (.init(.accept, label: "Mass", box: box, score: 0.1 + 0.2), Self.context()), (.init(.complete), Self.context()),
            ])
        }
        return log
    }

    @Test func whatWasAppendedComesBack() throws {
        let log = try write(4)
        let events = try log.events()
        #expect(events.map(\.number) == Array(1...8) && events.map(\.content.kind).prefix(2) == [.accept, .complete])
        #expect(events[0].content.box == Box(x: 0, y: 1.0 / 3, width: 7, height: 9.25) && events[0].content.score == 0.1 + 0.2)
        #expect(try FeedbackLog(folder: folder.url).append([]) == events)
    }

    /// Any changed byte of any event, a missing line, an exchanged pair, an added and a cut-off end: the first event that is not as it was is named.
    @Test func aTamperedEventIsNamed() throws {
        let log = try write(3)
        let text = try String(contentsOf: file, encoding: .utf8)
        var lines = text.split(separator: "\n").map(String.init)
        func named(_ lines: [String]) throws -> String {
            try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file)
            do {
                _ = try log.events()
                return "nothing"
            } catch let error as ChainError {
                #expect(error.code == .broken)
                return error.reason
            }
        }
        for (number, line) in lines.enumerated() {
            // Each field's value in turn.
            for (from, to) in [("\"Mass\"", "\"Nodule\""), ("7", "8"), ("\"p\"", "\"q\""), ("true", "false"), ("\"i\"", "\"j\"")]
            where line.contains(from) {
                var changed = lines
                changed[number] = line.replacing(from, with: to, maxReplacements: 1)
                #expect(try named(changed).contains("event \(number + 1) "), "\(from) in line \(number + 1)")
            }
        }
        var without = lines
        without.remove(at: 2)
        #expect(try named(without).contains("event 3 "))
        lines.swapAt(1, 2)
        #expect(try named(lines).contains("event 2 "))
        lines.swapAt(1, 2)
        // The end is missing: only the head beside it tells.
        #expect(try named(Array(lines.prefix(4))).contains("event 5 is missing"))
        #expect(try named(lines + [lines[5]]).contains("event 7 "))
        #expect(try named(lines) == "nothing")
    }

    /// A program that was killed while it wrote leaves half a line; the next goes on behind the last whole one.
    @Test func halfALineIsNoEvent() throws {
        let log = try write(2)
        let whole = try Data(contentsOf: file)
        try (whole + Data("{\"number\":5,\"ki".utf8)).write(to: file)
        #expect(try log.events().count == 4)
        try log.append([(.init(.partial), Self.context())])
        #expect(try log.events().map(\.number) == Array(1...5))
    }

    /// Killed between the event and the head: the event holds.
    @Test func anEventAheadOfTheHeadHolds() throws {
        let log = try write(2)
        let head = try Data(contentsOf: folder.file("feedback.jsonl.head"))
        try log.append([(.init(.complete), Self.context())])
        try head.write(to: folder.file("feedback.jsonl.head"))
        #expect(try log.events().count == 5)
    }
}
