import Fetching
import Testing

@Suite struct FetchTallyTests {
    @Test func bytesOfAllFilesAreCounted() {
        var tally = FetchTally(remaining: ["a": 100, "b": 50, "c": 10])
        #expect(tally.total == 160 && tally.done == 0)
        // A download that goes on: what was here counts in neither number.
        tally.take(.receiving(file: "a", done: 900, total: 1_000))
        tally.take(.receiving(file: "a", done: 960, total: 1_000))
        #expect(tally.done == 60)
        tally.take(.extracting(file: "a"))
        tally.take(.finished(file: "a", byteCount: 1_000))
        #expect(tally.done == 100 && tally.total == 160)
    }

    @Test func whatFailedWillNotCome() {
        var tally = FetchTally(remaining: ["a": 100, "b": 50])
        tally.take(.receiving(file: "a", done: 0, total: 100))
        tally.take(.receiving(file: "a", done: 30, total: 100))
        tally.take(.failed(file: "a", reason: "gone"))
        #expect(tally.total == 80 && tally.done == 30)
        tally.take(.failed(file: "b", reason: "gone"))
        #expect(tally.total == 30 && tally.done == 30)
    }
}
