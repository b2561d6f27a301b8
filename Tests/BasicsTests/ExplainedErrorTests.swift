import Basics
import Testing

@Suite struct ExplainedErrorTests {
    @Test func errorsAreEqualByTheirCode() {
        #expect(FileError(.exists, "one sentence") == FileError(.exists, "another"))
        #expect(FileError(.exists, "one sentence") != FileError(.cannotWrite, "one sentence"))
        #expect(Set([FileError(.exists, "a"), FileError(.exists, "b"), FileError(.cannotWrite, "a")]).count == 2)
    }

    @Test func anErrorKnowsItsLineAndHowAProgramEnds() {
        let full: any ExplainedError = FileError(.cannotWrite, "the disk is full")
        #expect("\(full)" == "cannot write: the disk is full" && full.lines == ["cannot write: the disk is full"])
        #expect(full.exitStatus == .somethingMissing && FileError(.exists, "").exitStatus == .someInputsFailed)
    }
}
