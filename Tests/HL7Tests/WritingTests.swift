import HL7
import PleuraTesting
import Testing

@Suite struct WritingTests {
    @Test func delimitersAndControlsAreEscaped() throws {
        var segment = HL7SegmentText("OBX")
        segment[1] = "1"
        segment[5] = HL7FieldText(repetitions: [[["a|b", "c&d"], ["e^f~g\\h"]], [[""], ["i\r\nj\nk\u{7}\u{B}\u{1C}"]], []])
        segment[7] = ""
        let bytes = try HL7MessageText([segment]).bytes()
        #expect(String(decoding: bytes, as: UTF8.self) == #"OBX|1||||a\F\b&c\T\d^e\S\f\R\g\E\h~^i\.br\j\.br\k\X07\\X0B\\X1C\~"# + "\r")
    }

    /// What is written is read back, whatever it is.
    @Test func textsOfAllKindsComeBack() throws {
        var mutator = Mutator(seed: 3)
        let letters = Array("ab |^~\\&#\u{FC}\u{5C71}\u{1F600}\"\t\u{7F}XFE.br0".unicodeScalars)
        let sets = [
            HL7Delimiters.standard,
            HL7Delimiters(field: 0x23, component: 0x21, repetition: 0x24, escape: 0x25, subcomponent: 0x2A, truncation: 0x2B),
        ]
        for round in 0..<1_000 {
            func text() -> String {
                String(String.UnicodeScalarView((0...mutator.below(12)).map { _ in letters[mutator.below(letters.count)] }))
            }
            let repetitions = (0...mutator.below(3)).map { _ in
                (0...mutator.below(3)).map { _ in (0...mutator.below(3)).map { _ in text() } }
            }
            var segment = HL7SegmentText("ZZZ")
            segment[3] = HL7FieldText(repetitions: repetitions)
            let header = HL7SegmentText("MSH")
            let message = try HL7Message(HL7MessageText([header, segment], delimiters: sets[round % 2]).bytes())
            let read = message.segment("ZZZ")?.field(3)?.repetitions.map {
                $0.components.map { $0.subcomponents.map { $0.isNull ? "\"\"" : $0.text ?? "" } }
            }
            #expect(read == repetitions, "round \(round)")
        }
    }
}
