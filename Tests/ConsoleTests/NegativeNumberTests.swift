import Console
import Testing

@Suite struct NegativeNumberTests {
    @Test func aNumberBelowZeroBelongsToItsOption() {
        #expect(
            NegativeNumbers.tied(["detect", "a.png", "--threshold", "-1", "--quiet"]) == ["detect", "a.png", "--threshold=-1", "--quiet"])
        #expect(NegativeNumbers.tied(["--x", "-.5e3", "--y", "-inf", "--z", "-nan"]) == ["--x=-.5e3", "--y=-inf", "--z=-nan"])
    }

    @Test func nothingElseIsTied() {
        for arguments in [
            ["--json", "-"], ["--x", "1"], ["--x=1", "-2"], ["--", "-1"], ["-1"], ["a", "-1"], ["--x", "--y"], ["--x", "-y"], ["-x", "-1"],
            [],
        ] {
            #expect(NegativeNumbers.tied(arguments) == arguments)
        }
    }
}
