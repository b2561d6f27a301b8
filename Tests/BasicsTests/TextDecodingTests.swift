import Basics
import Foundation
import Testing

@Suite struct TextDecodingTests {
    private static let text = "{\"name\": \"Erguß – ‘x’ \u{1FAC1}\"}\n"

    @Test(arguments: [
        String.Encoding.utf8, .utf16, .utf16BigEndian, .utf16LittleEndian, .utf32, .utf32BigEndian, .utf32LittleEndian,
    ])
    func everyEncodingOfUnicodeIsTheSameText(encoding: String.Encoding) throws {
        let bytes = try #require(Self.text.data(using: encoding))
        #expect(TextDecoding.text(bytes) == Self.text)
        #expect(TextDecoding.head(bytes.prefix(16)).starts(with: Data("{\"n".utf8)))
        #expect(TextDecoding.isWide(bytes) == (encoding != .utf8))
    }

    @Test func aByteOrderMarkIsNoText() {
        let marks: [([UInt8], String.Encoding)] = [
            ([0xEF, 0xBB, 0xBF], .utf8), ([0xFF, 0xFE], .utf16LittleEndian), ([0xFE, 0xFF], .utf16BigEndian),
            ([0xFF, 0xFE, 0, 0], .utf32LittleEndian), ([0, 0, 0xFE, 0xFF], .utf32BigEndian),
        ]
        for (mark, encoding) in marks {
            #expect(TextDecoding.text(Data(mark) + (Self.text.data(using: encoding) ?? Data())) == Self.text)
            #expect(TextDecoding.text(Data(mark)) == "")
        }
        // A slice of a file is a text like any other.
        #expect(TextDecoding.utf8(Data([0x31] + marks[0].0 + [0x32]).dropFirst()) == Data("2".utf8))
    }

    @Test func whatIsNotUTF8IsWindows1252OrDamaged() {
        #expect(TextDecoding.text(Data([0x45, 0x72, 0x67, 0x75, 0xDF, 0x20, 0x96, 0x20, 0x80])) == "Erguß – €")
        // A byte that Windows has no character for, a control character, and a text that is UTF-8 elsewhere.
        #expect(TextDecoding.text(Data([0x41, 0x81])) == nil)
        #expect(TextDecoding.text(Data([0x41, 0xDF, 0x01])) == nil)
        #expect(TextDecoding.text(Data("ß\n".utf8) + [0xDF, 0x41]) == nil)
        #expect(TextDecoding.faultLine(Data("ß\n\n".utf8) + [0xDF, 0x41]) == 3)
        #expect(TextDecoding.text(Data([0xFF, 0xFE, 0x41])) == nil)
        #expect(TextDecoding.text(Data([0xFF, 0xFE, 0x00, 0xD8, 0x41, 0x00])) == nil)
        #expect(TextDecoding.text(Data()) == "")
    }

    /// The walk over bytes against the standard library, for all that two, three and four bytes can be at its bounds.
    @Test func theWalkAgreesWithTheStandardLibrary() {
        let edges: [UInt8] = [
            0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xDF, 0xE0, 0xE1, 0xED, 0xEF, 0xF0, 0xF3, 0xF4, 0xF5, 0xFF,
        ]
        for a in edges {
            for b in edges {
                for c in edges {
                    for d in edges {
                        let bytes = Data([0x41, 0x41, a, b, c, d, 0x81, 0x41])
                        // 0x81 keeps Windows-1252 out.
                        #expect((TextDecoding.utf8(bytes) != nil) == (String(validating: bytes, as: UTF8.self) != nil))
                    }
                }
            }
        }
    }
}
