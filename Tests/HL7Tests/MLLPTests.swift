import HL7
import PleuraTesting
import Testing

@Suite struct MLLPTests {
    private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    private static let stream: [UInt8] =
        bytes("junk\r\n") + [0x0B] + bytes("MSH|one\r") + [0x1C, 0x0D, 0x0A, 0x0B] + bytes("MSH|two") + [0x1C, 0x0B]
        + bytes("MSH|thr\u{B}ee") + [
            0x1C, 0x0D, 0x0B,
        ] + bytes("MSH|broken") + [0x0B] + bytes("MSH|four") + [
            0x1C, 0x0D, 0x0B, 0x06, 0x1C, 0x0D, 0x0B, 0x15, 0x1C, 0x0D, 0x0B, 0x1C, 0x0D, 0x0B,
        ] + bytes("MSH|rest")

    private static let events: [MLLPEvent] = [
        .junk(count: 4), .message(bytes("MSH|one\r")), .message(bytes("MSH|two")), .missingReturn, .message(bytes("MSH|thr\u{B}ee")),
        .unfinished(count: 10),
        .message(bytes("MSH|four")), .commit(isAccepted: true), .commit(isAccepted: false), .message([]), .unfinished(count: 8),
    ]

    @Test func aStreamIsTheSameHoweverItIsCut() {
        var whole = MLLPDecoder()
        #expect(whole.receive(Self.stream) + whole.finish() == Self.events)
        for cut in 0...Self.stream.count {
            var decoder = MLLPDecoder()
            #expect(
                decoder.receive(Self.stream[..<cut]) + decoder.receive(Self.stream[cut...]) + decoder.finish() == Self.events,
                "cut at \(cut)")
        }
        var slow = MLLPDecoder()
        #expect(Self.stream.flatMap { slow.receive([$0]) } + slow.finish() == Self.events)
    }

    @Test func aMessageIsGivenWithoutWaitingForTheReturn() {
        var decoder = MLLPDecoder()
        #expect(decoder.receive([0x0B] + Self.bytes("MSH|") + [0x1C]) == [.message(Self.bytes("MSH|"))])
        #expect(!decoder.isWithinMessage && decoder.receive([0x0D]) == [] && decoder.finish() == [])
    }

    @Test func aMessageThatIsTooLargeIsToldOnceAndSkipped() {
        let large = Self.bytes("MSH|" + String(repeating: "x", count: 5_000))
        let stream = [0x0B] + large + [0x1C, 0x0D, 0x0B] + Self.bytes("MSH|") + [0x1C, 0x0D]
        let expected: [MLLPEvent] = [.tooLarge(head: Array(large.prefix(1_024))), .message(Self.bytes("MSH|"))]
        for size in [1, 2, 3, 500, 1_999, 2_000, 2_001, 10_000] {
            var decoder = MLLPDecoder(mostBytes: 2_000)
            var events: [MLLPEvent] = []
            for start in stride(from: 0, to: stream.count, by: size) {
                events += decoder.receive(stream[start..<min(start + size, stream.count)])
            }
            #expect(events + decoder.finish() == expected, "pieces of \(size)")
        }
        var decoder = MLLPDecoder(mostBytes: 2_000)
        #expect(
            decoder.receive([0x0B] + [UInt8](repeating: 0x41, count: 2_000) + [0x1C]) == [.message([UInt8](repeating: 0x41, count: 2_000))])
    }

    @Test func aFrameIsReadBack() throws {
        let message = Self.bytes(HL7Samples.imagingOrder)
        var decoder = MLLPDecoder()
        #expect(try decoder.receive(MLLP.frame(message)) == [.message(message)])
        #expect(throws: HL7Error(.malformed, "")) { try MLLP.frame([0x41, 0x1C]) }
        #expect(throws: HL7Error(.malformed, "")) { try MLLP.frame([0x0B]) }
    }

    @Test func junkIsCounted() {
        var decoder = MLLPDecoder()
        #expect(decoder.receive(Self.bytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n")) == [] && decoder.junkBytes == 21)
        #expect(decoder.finish() == [.junk(count: 21)] && decoder.junkBytes == 0)
    }
}
