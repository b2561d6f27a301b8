import ArgumentParser
import Console
import Testing

/// Numbers as hostile hands write them.
@Suite struct OptionRangeTests {
    private static let hostile = [
        "nan", "-nan", "inf", "-inf", "1e999", "-1e999", "3e20", "99999999999999999999", "-1", "0x", "", " ", "1 ", "1,5", "½", "--1", "1e",
    ]

    @Test(arguments: hostile) func noRangeTakesThem(text: String) {
        for range in [OptionRange.share, .falseBoxes, .real(0.001...86_400)] {
            #expect(throws: ValidationError.self) { try range.parse(text) }
        }
        for range in [OptionRange.fold, .threads, .whole(1...Int.max)] { #expect(throws: ValidationError.self) { try range.parse(text) } }
        #expect(throws: ValidationError.self) { try OptionRange.seed.parse(text) }
    }

    @Test func theEndsAreTakenAndNoMore() throws {
        #expect(try ["0", "-0", "0.5", "1", "1e0"].map(OptionRange.share.parse) == [0, 0, 0.5, 1, 1])
        #expect(try OptionRange.share.parse("-0").sign == .plus)
        #expect(throws: ValidationError.self) { try OptionRange.share.parse("1.0000001") }
        let open = OptionRange.real(0...1, isAbove: true, isBelow: true)
        #expect(try open.parse("1e-300") == 1e-300)
        for text in ["0", "-0", "1", "1e-400"] { #expect(throws: ValidationError.self) { try open.parse(text) } }
        #expect(try OptionRange.seed.parse("18446744073709551615") == UInt64.max)
        #expect(throws: ValidationError.self) { try OptionRange.seed.parse("18446744073709551616") }
        #expect(try OptionRange<Int>.whole(2...4).parse("+4") == 4)
        for text in ["1", "5", "3.0", "3e0"] { #expect(throws: ValidationError.self) { try OptionRange<Int>.whole(2...4).parse(text) } }
    }

    @Test func theRangeIsTold() throws {
        #expect(OptionRange.real(0...1, isAbove: true).help("A share", "x").abstract == "A share; above 0 to 1.")
        #expect(OptionRange<Int>.whole(1...512).help("How many", "n").abstract == "How many; 1 to 512.")
        #expect {
            try OptionRange.real(0.001...86_400).parse("3e20")
        } throws: { ($0 as? ValidationError)?.message == "it is a number, 0.001 to 86400" }
        #expect {
            try OptionRange.threads.parse("many")
        } throws: { ($0 as? ValidationError)?.message == "it is a whole number, 1 to 1024" }
    }
}
