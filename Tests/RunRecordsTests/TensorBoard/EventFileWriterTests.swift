import Foundation
import PleuraTesting
import RunRecords
import SwiftProtobuf
import Testing
import TrainingExamples

@Suite struct EventFileWriterTests {
    /// The file that TensorBoard's own messages and framing make of the same events
    /// (`Tests/Interop/tensorboard_events.py golden`, TensorBoard 2.21), byte for byte.
    private static let golden = """
        GAAAAAAAAACjf0siCQAAEED8VNlBGg1icmFpbi5FdmVudDoyM40v6Q8AAAAAAAAAbVMrCQkAABBA/FTZQRAHOgIIAQ9BcXcmAAAAAAAAAHNP4wAJAAAQQPxU
        2UEQByoZCgsKBGxvc3MVzczMPQoKCgNhL2IVAABAwL6p/b8=
        """

    @Test func theFileIsTensorBoardsToTheByte() throws {
        let root = try TemporaryFolder()
        let clock = TestClock(1_700_000_000.25)
        let writer = try EventFileWriter(folder: root.url, resumingAt: 7, now: clock.now)
        try writer.addScalars([("loss", 0.1), ("a/b", -3)], step: 7)
        try writer.close()
        #expect(writer.url.lastPathComponent == "events.out.tfevents.1700000000.pleura")
        #expect(try Data(contentsOf: writer.url) == Data(base64Encoded: Self.golden, options: .ignoreUnknownCharacters))
    }

    @Test func scalarsComeBackAsTheyWere() throws {
        let root = try TemporaryFolder()
        let writer = try EventFileWriter(folder: root.file("run"))
        let values = [0.5, -1e30, .infinity, 3e-40, 1e300, 0]
        for (step, value) in values.enumerated() { try writer.addScalar("train/loss", value, step: step) }
        try writer.addScalar("train/loss", .nan, step: 6)
        try writer.addScalars([], step: 7)
        try writer.close()
        let events = try EventFile.events(writer.url)
        #expect(events.count == 9 && events[0].fileVersion == "brain.Event:2")
        for (event, (step, value)) in zip(events.dropFirst(2), values.enumerated()) {
            #expect(event.step == step && event.summary.value.map(\.tag) == ["train/loss"])
            #expect(event.summary.value.map(\.simpleValue) == [Float(value)])
        }
        #expect(events[8].summary.value[0].simpleValue.isNaN)
        // Seconds since 1970, today.
        #expect(abs(events[2].wallTime - Date().timeIntervalSince1970) < 600)
    }

    /// What was written stands in the file at once for the first event, and within the interval for the others; always whole events.
    @Test func eventsReachTheFileEveryFewSeconds() throws {
        let root = try TemporaryFolder()
        let clock = TestClock(1_000)
        let writer = try EventFileWriter(folder: root.url, flushInterval: 5, now: clock.now)
        #expect(try EventFile.events(writer.url).count == 2)
        for second in 1...4 {
            clock.date += 1
            try writer.addScalar("a", 1, step: second)
            #expect(try EventFile.events(writer.url).count == 2)
        }
        clock.date += 1
        try writer.addScalar("a", 1, step: 5)
        #expect(try EventFile.events(writer.url).count == 7)
        try writer.addScalar("a", 1, step: 6)
        // A clock that is set back.
        clock.date -= 100_000
        try writer.addScalar("a", 1, step: 7)
        #expect(try EventFile.events(writer.url).count == 9)
        try writer.addScalar("a", 1, step: 8)
        try writer.flush()
        #expect(try EventFile.events(writer.url).count == 10)
    }

    /// A run that goes on opens a file behind the others, whatever the clock says, and says from which step on they no longer count.
    @Test func aResumedRunWritesItsOwnFile() throws {
        let root = try TemporaryFolder()
        try Data().write(to: root.file("events.out.tfevents.17000000001.other"))
        for (seconds, step) in [(5_000.0, nil), (5_000, 10), (4_000, 0), (9_000, 25)] as [(Double, Int?)] {
            let clock = TestClock(seconds)
            let writer = try EventFileWriter(folder: root.url, resumingAt: step, host: "a host/1", now: clock.now)
            try writer.addScalar("a", seconds, step: step ?? 0)
            try writer.close()
            try writer.addScalar("a", 1, step: 99)
        }
        let files = try EventFile.files(root.url)
        #expect(
            files.map(\.lastPathComponent) == [
                "events.out.tfevents.0000005000.a-host-1", "events.out.tfevents.0000005001.a-host-1",
                "events.out.tfevents.0000005002.a-host-1", "events.out.tfevents.0000009000.a-host-1",
                "events.out.tfevents.17000000001.other",
            ])
        let events = try files.prefix(4).map(EventFile.events)
        #expect(events.map(\.count) == [3, 3, 3, 3])
        #expect(events.map { $0[1].sessionLog.status } == [.start, .start, .start, .start])
        #expect(events.map { $0[1].step } == [0, 10, 0, 25])
        #expect(events.allSatisfy { $0[0].fileVersion == "brain.Event:2" })
    }

    @Test func aFolderThatTakesNoFileIsAnError() throws {
        let root = try TemporaryFolder()
        try Data().write(to: root.file("file"))
        #expect(throws: TrainingError.self) { try EventFileWriter(folder: root.file("file")) }
    }
}
