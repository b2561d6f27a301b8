import Basics
import Foundation
import HL7
import Testing

/// Expected bytes are those of Python's codecs (`iso2022_jp`, `cp932`, `gb18030`, `big5`, `euc_kr`, `iso8859_x`).
@Suite struct CharacterSetTests {
    private static func message(_ set: String, _ name: [UInt8]) -> [UInt8] {
        Array("MSH|^~\\&|A|||||||||||||||\(set)\rPID|1||7||".utf8) + name + Array("^X||19700101\r".utf8)
    }

    @Test(
        arguments: [
            ("8859/1", [0x4D, 0xFC], "M\u{FC}"), ("8859/2", [0xA3, 0xF3, 0x64, 0xBC], "\u{141}\u{F3}d\u{17A}"),
            ("8859/5", [0xB8, 0xD2, 0xD0, 0xDD], "\u{418}\u{432}\u{430}\u{43D}"), ("8859/7", [0xC3, 0xE9], "\u{393}\u{3B9}"),
            ("8859/9", [0xDD, 0xFE], "\u{130}\u{15F}"), ("8859/15", [0xA4], "\u{20AC}"), ("UNICODE UTF-8", [0xE5, 0xB1, 0xB1], "\u{5C71}"),
            ("UNICODE", [0xC3, 0xBC], "\u{FC}"), ("GB 18030-2000", [0xD5, 0xC5], "\u{5F20}"), ("BIG-5", [0xB1, 0x69], "\u{5F35}"),
            ("KS X 1001", [0xB1, 0xE8], "\u{AE40}"), ("SHIFT_JIS", [0x8E, 0x52, 0x93, 0x63], "\u{5C71}\u{7530}"),
            ("~ISO IR87", [0x1B, 0x24, 0x42, 0x3B, 0x33, 0x45, 0x44, 0x1B, 0x28, 0x42], "\u{5C71}\u{7530}"),
            ("ASCII~ISO IR87~ISO IR159", [0x1B, 0x24, 0x28, 0x44, 0x30, 0x21, 0x1B, 0x28, 0x42], "\u{4E02}"),
            ("ISO IR13", [0xD4, 0xCF], "\u{FF94}\u{FF8F}"),
            ("ISO IR14~ISO IR87", [0x1B, 0x24, 0x42, 0x3B, 0x33, 0x1B, 0x28, 0x4A, 0x5C, 0x53, 0x5C, 0x78], "\u{5C71}^x"),
            ("~KS X 1001", [0x1B, 0x24, 0x29, 0x43, 0x0E, 0x31, 0x68, 0x0F], "\u{AE40}"),
            ("ISO IR14~ISO IR87", [0x1B, 0x28, 0x49, 0x54, 0x4F, 0x1B, 0x28, 0x42], "\u{FF94}\u{FF8F}"),
        ] as [(String, [UInt8], String)]) func declaredSets(_ set: String, _ bytes: [UInt8], _ text: String) throws
    {
        let message = try HL7Message(Self.message(set, bytes))
        #expect(message["PID-5.1"] == text && message["PID-5.2"] == "X" && message["PID-7"] == "19700101")
    }

    /// Bytes of two-byte sets that look like delimiters: 0x5C, 0x7C, 0x5E, 0x7E and 0x26.
    @Test(
        arguments: [
            ("SHIFT_JIS", [0x95, 0x5C, 0x83, 0x7C, 0x83, 0x5C], "\u{8868}\u{30DD}\u{30BD}"),
            ("BIG-5", [0xA5, 0x5C, 0xB3, 0x5C, 0xA7, 0x7C], "\u{529F}\u{8A31}\u{5751}"),
            ("GB 18030-2000", [0x81, 0x7C, 0x81, 0x5E], "\u{4E85}\u{4E5B}"),
            // Both bytes are in ASCII's range.
            ("~ISO IR87", [0x1B, 0x24, 0x42, 0x5C, 0x26, 0x25, 0x5E, 0x1B, 0x28, 0x42], "\u{6904}\u{30DE}"),
        ] as [(String, [UInt8], String)]) func halvesOfCharactersAreNoDelimiters(_ set: String, _ bytes: [UInt8], _ text: String) throws
    {
        let message = try HL7Message(Self.message(set, bytes))
        #expect(message["PID-5.1"] == text && message["PID-5.2"] == "X")
    }

    @Test func aSetIsFoundBehindCharactersThatLookLikeDelimiters() throws {
        // The facility has a character of which the second byte is the delimiter.
        let bytes =
            Array("MSH|^~\\&|A|".utf8) + [0x83, 0x7C] + Array("|C|D|2026||ADT^A08|1|P|2.5||||||SHIFT_JIS\rPID|1||7||".utf8) + [
                0x95, 0x5C, 0x0D,
            ]
        let message = try HL7Message(bytes)
        #expect(message["MSH-4"] == "\u{30DD}" && message["MSH-10"] == "1" && message["PID-5"] == "\u{8868}")
    }

    @Test func aMessageThatNamesNoSet() throws {
        // UTF-8 is taken for what it is; the rest needs the site's word.
        #expect(try HL7Message(Self.message("", [0xC3, 0xBC]))["PID-5.1"] == "\u{FC}")
        #expect(throws: HL7Error(.badCharacters, "")) { try HL7Message(Self.message("", [0x4D, 0xFC])) }
        for set in ["", "ASCII"] {
            let message = try HL7Message(Self.message(set, [0x4D, 0xFC]), HL7Reading(fallback: .latin1))
            #expect(message["PID-5.1"] == "M\u{FC}" && message.characterSet == .latin1)
        }
        #expect(try HL7Message(Self.message("", [0x4D, 0xFC]), HL7Reading(badCharacters: .replace))["PID-5.1"] == "M\u{FFFD}")
        #expect(
            try HL7Message(Self.message("", [0x95, 0x5C]), HL7Reading(fallback: HL7CharacterSet("SHIFT_JIS")))["PID-5.1"] == "\u{8868}")
    }

    @Test func textThatIsNotInTheDeclaredSet() throws {
        for (set, bytes) in [
            ("UNICODE UTF-8", [0x4D, 0xFC]), ("GB 18030-2000", [0x81, 0xFF]), ("~ISO IR87", [0x1B, 0x24, 0x42, 0x7F, 0x7F]),
        ] as [(String, [UInt8])] {
            #expect(throws: HL7Error(.badCharacters, "")) { try HL7Message(Self.message(set, bytes)) }
            let message = try HL7Message(Self.message(set, bytes), HL7Reading(badCharacters: .replace))
            #expect(message["PID-5.1"]?.contains("\u{FFFD}") == true && message["PID-1"] == "1")
        }
        let error = #expect(throws: HL7Error.self) { try HL7Message(Self.message("SECRET", [0x4D, 0xFC])) }
        #expect(error?.code == .unknownCharacterSet && error?.description.contains("SECRET") == false)
        // What all sets have in common is read whatever the set is called.
        #expect(try HL7Message(Self.message("KLINGON", [0x4D]))["PID-5.1"] == "M")
    }

    @Test func aSegmentEndsItsShift() throws {
        let bytes =
            Array("MSH|^~\\&|A|||||||||||||||~ISO IR87\rPID|1||7||".utf8) + [0x1B, 0x24, 0x42, 0x3B, 0x33] + Array("\rPV1|1|O\r".utf8)
        let message = try HL7Message(bytes)
        #expect(message["PID-5"] == "\u{5C71}" && message["PV1-2"] == "O")
    }

    @Test(arguments: [String.Encoding.utf16, .utf16LittleEndian, .utf16BigEndian, .utf32]) func wideMessages(_ encoding: String.Encoding)
        throws
    {
        let text = "MSH|^~\\&|A|||||||||||||||UNICODE UTF-16\rPID|1||7||\u{5C71}^X\r"
        let message = try HL7Message([UInt8](#require(text.data(using: encoding))))
        #expect(message["PID-5.1"] == "\u{5C71}" && message["PID-5.2"] == "X")
    }

    @Test func hexadecimalEscapesAreInTheMessagesSet() throws {
        #expect(try HL7Message("MSH|^~\\&|A|||||||||||||||8859/1\rPID|1||7||M\\XFC\\")["PID-5"] == "M\u{FC}")
        #expect(try HL7Message("MSH|^~\\&|A|||||||||||||||UNICODE UTF-8\rPID|1||7||M\\XC3BC\\")["PID-5"] == "M\u{FC}")
    }

    @Test(
        arguments: [
            ("8859/1", "M\u{FC}", [0x4D, 0xFC]), ("ISO IR87", "\u{5C71}", [0x1B, 0x24, 0x42, 0x3B, 0x33, 0x1B, 0x28, 0x42]),
            ("SHIFT_JIS", "\u{8868}", [0x95, 0x5C]),
            ("8859/15", "\u{20AC}", [0xA4]), ("UNICODE UTF-8", "\u{5C71}", [0xE5, 0xB1, 0xB1]),
        ] as [(String, String, [UInt8])]) func writtenSets(_ set: String, _ text: String, _ bytes: [UInt8]) throws
    {
        var segment = HL7SegmentText("PID")
        segment[5] = HL7FieldText(text)
        #expect(try HL7MessageText([segment], characterSet: HL7CharacterSet(set)).bytes() == Array("PID|||||".utf8) + bytes + [0x0D])
    }

    @Test func aCharacterThatDoesNotFitIsAnErrorThatNamesTheSegment() throws {
        var segment = HL7SegmentText("PID")
        segment[5] = "\u{5C71}"
        for set in ["ASCII", "8859/1", "8859/5"] {
            let error = #expect(throws: HL7Error.self) { try HL7MessageText([segment], characterSet: HL7CharacterSet(set)).bytes() }
            #expect(error?.code == .badCharacters && error?.location == HL7Location(segment: "PID"))
        }
    }
}
