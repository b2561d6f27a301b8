import Basics
import Console
import Outputs
import Testing

@Suite struct FailureTests {
    private struct Detailed: ExplainedError {
        struct Code: ErrorCode {
            var rawValue: String
            var exitStatus: Basics.ExitStatus { .somethingMissing }
        }
        var code = Code(rawValue: "bad")
        var reason = "two lines"
        var lines: [String] { ["line 1", "line 2", description] }
    }

    @Test func anErrorGetsTheNameOfWhatItIsAbout() {
        let failure = #expect(throws: Failure.self) { try Failure.about("set") { throw Detailed() } }
        #expect(failure?.message == "set: bad: two lines" && failure?.details == ["line 1", "line 2"])
        #expect(failure?.status == .somethingMissing)
        let other = #expect(throws: Failure.self) { try Failure.about("set", status: .wrongUse) { throw Detailed() } }
        #expect(other?.status == .wrongUse)
    }

    @Test func anErrorOfAnotherMakeSaysNothingOfWhatItStumbledOver() {
        let failure = #expect(throws: Failure.self) { try Failure.about("set") { throw CancellationError() } }
        #expect(failure?.message == "set: it failed" && failure?.status == .someInputsFailed)
    }

    @Test func aFailureStaysAsItIs() {
        let inner = #expect(throws: Failure.self) { try Failure.about("set") { throw Failure(.interrupted, "stopped") } }
        #expect(inner?.message == "stopped" && inner?.status == .interrupted)
        let writing = #expect(throws: Failure.self) { try Failure.writing { throw ReportError(.cannotEncode, "a number") } }
        #expect(writing?.message == "cannot encode: a number" && writing?.status == .somethingMissing)
    }
}
