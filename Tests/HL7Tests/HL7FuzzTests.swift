import Foundation
import HL7
import PleuraTesting
import Results
import Testing

/// Damaged messages and streams give values or an `HL7Error` with a reason; never a crash, and never more than came.
///
/// Every run does some thousands. `PLEURA_FUZZ=1000000` does a million.
@Suite(.timeLimit(.minutes(60))) struct HL7FuzzTests {
    private static let tokens: [Data] =
        [
            "|", "^", "~", "\\", "&", "\r", "\n", "\r\n", "\"\"", "MSH|^~\\&|", "\rMSH|", "\rPID|", "\rORC|NW|", "\rOBR|1|", "\rOBX|1|NM|",
            "\rMRG|", "\\X", "\\.sk999\\", "\\.br\\",
            "\\E\\", "\\C2842\\", "||||||||||||", "^^^^^^", "~~~~~~", "UNICODE UTF-8", "8859/1", "~ISO IR87", "UNICODE UTF-16",
            "GB 18030-2000", "ORM^O01", "ADT^A40", "ADT^A08", "ORU^R01", "2.5.1",
            "2.3.1", "\u{B}", "\u{1C}\r", "\u{1C}", "\u{1B}$B", "\u{1B}(B", "\u{FEFF}", "\u{0}", "\u{FC}", "20261399", "1e999",
        ].map { Data($0.utf8) } + [Data([0xFF]), Data([0xFE, 0xFF]), Data([0x1B, 0x24, 0x29, 0x43]), Data([0x81, 0x7C])]

    private static let sources: [Data] = {
        let texts = [
            HL7Samples.order, HL7Samples.imagingOrder, HL7Samples.patient(event: "A40", "PID|1||1^^^H^MR||DOE^JANE", "MRG|2^^^H^MR"),
            HL7Samples.patient(event: "A08", "PID|1||1^^^H^MR||DOE^JANE||\"\"|F"), HL7Samples.patient(event: "A24", "PID|1||1", "PID|2||2"),
            "MSH|^~\\&|A|B|C|D|2026||ACK|9|P|2.5.1\rMSA|AE|7|no\rERR||PID^1^3|101^x^HL70357|E",
            HL7Samples.order.replacing("8859/1", with: "GB 18030-2000"),
            HL7Samples.order.replacing("8859/1", with: "~ISO IR87").replacing("M\u{FC}ller", with: "\u{1B}$B;3\u{1B}(B"),
        ]
        let results = StudyResult.Status.allCases.compactMap { try? ORUWriter().message(for: HL7Samples.result($0), destination: "ris") }
        return texts.map { Data($0.utf8) } + results.map { Data($0) }
    }()

    private static let shares = 4

    @Test(arguments: 0..<shares) func damagedMessages(_ share: Int) throws {
        let site = try HL7Site(yaml: "fallback_character_set: 8859/1\npatients: { default_issuer: H }")
        let readings = [HL7Reading.standard, site.reading, HL7Reading(badCharacters: .replace)]
        let (orders, patients, results, proof) = (OrderReader(site: site), PatientEventReader(site: site), ORUReader(), ORUProof())
        let (answers, date) = (AcknowledgementWriter(), Date(timeIntervalSince1970: 0))
        var (read, understood, refusals) = (0, 0, [String: Int]())
        func refused(_ error: HL7Error) {
            #expect(!error.reason.isEmpty && !error.reason.contains(where: \.isNewline))
            refusals[error.code.rawValue, default: 0] += 1
        }
        for round in stride(from: share, to: Fuzzing.rounds(usual: 4_000), by: Self.shares) {
            var mutator = Mutator(seed: UInt64(round), tokens: Self.tokens, headSize: 120)
            let source = Self.sources[mutator.below(Self.sources.count)]
            let bytes = [UInt8](mutator.mutate(source))
            let message: HL7Message
            do {
                message = try HL7Message(bytes, readings[round % readings.count])
            } catch let error as HL7Error {
                refused(error)
                let answer = answers.rejection(of: bytes, error: error, date: date)
                #expect((try? Acknowledgement(HL7Message(answer)))?.code == .applicationReject, "round \(round)")
                continue
            }
            read += 1
            var size = 0
            for segment in message.segments {
                for number in 0...(segment.fieldCount + 1) {
                    for repetition in segment.field(number)?.repetitions ?? [] {
                        for component in repetition.components {
                            for part in component.subcomponents { size += part.text?.utf8.count ?? 0 }
                        }
                    }
                }
            }
            // A format command may stand for up to 32 blanks, a byte of another set for three.
            #expect(size <= 8 * bytes.count + 64, "round \(round)")
            do {
                switch message.type.code {
                case "ADT": _ = try patients.events(in: message)
                case "ACK": _ = try Acknowledgement(message)
                default:
                    _ = try orders.orders(in: message)
                    if round.isMultiple(of: 2) { _ = try results.result(in: message) }
                }
                understood += 1
            } catch let error as HL7Error {
                refused(error)
            }
            let answer = answers.answer(to: message, .applicationAccept, date: date)
            #expect((try? Acknowledgement(HL7Message(answer)))?.code == .applicationAccept, "round \(round)")
            if round.isMultiple(of: 16) {
                #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(message.jsonDescription.utf8)) }
            }
            if round.isMultiple(of: 8), bytes != [UInt8](source) {
                _ = try? proof.check(bytes, against: HL7Samples.result(), destination: "ris")
            }
        }
        if Fuzzing.isLong { print("fuzz: share \(share): \(read) read, \(understood) understood, \(refusals.sorted { $0.key < $1.key })") }
        #expect(read > 0 && understood > 0 && refusals.count > 3)
    }

    /// The events of a stream are the same however it is cut, and nothing is kept that is larger than the limit.
    @Test(arguments: 0..<shares) func damagedStreams(_ share: Int) throws {
        for round in stride(from: share, to: Fuzzing.rounds(usual: 2_000), by: Self.shares) {
            var mutator = Mutator(seed: UInt64(round) ^ 0x4D4C_4C50, tokens: Self.tokens)
            var stream = Data()
            for _ in 0...mutator.below(3) {
                stream += try MLLP.frame([UInt8](Self.sources[mutator.below(Self.sources.count)].prefix(40 + mutator.below(1_500))))
            }
            let bytes = [UInt8](mutator.mutate(stream))
            var whole = MLLPDecoder(mostBytes: 1_500)
            let events = whole.receive(bytes) + whole.finish()
            var pieces: [MLLPEvent] = []
            var decoder = MLLPDecoder(mostBytes: 1_500)
            var place = 0
            while place < bytes.count {
                let end = min(bytes.count, place + 1 + mutator.below(1 + mutator.below(400)))
                pieces += decoder.receive(bytes[place..<end])
                place = end
            }
            #expect(pieces + decoder.finish() == events, "round \(round)")
            let size = events.reduce(0) { size, event in
                switch event {
                case .message(let message): size + message.count
                case .tooLarge(let head): size + head.count
                case .junk(let count), .unfinished(let count): size + count
                case .commit, .missingReturn: size
                }
            }
            #expect(size <= bytes.count, "round \(round)")
        }
    }

    /// Takes a linear time, however a message tries to make it a greater one.
    @Test(.timeLimit(.minutes(3))) func messagesThatWouldTakeLong() throws {
        let size = 300_000
        for filler in ["\\", "\\X", "~", "^", "&", "\\.sk9\\", "\\E\\", "\"", "\u{B}", "\\F"] {
            let text = "MSH|^~\\&|A\rOBX|1|TX|||" + String(repeating: filler, count: size / filler.utf8.count)
            let message = try HL7Message(text)
            _ = message["OBX-5"]
            #expect(message.value("OBX", 5) != nil, "\(filler.debugDescription)")
            _ = message.value("OBX", 5)?.leaf
        }
    }
}
