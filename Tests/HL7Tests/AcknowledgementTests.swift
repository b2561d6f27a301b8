import Foundation
import HL7
import Testing

@Suite struct AcknowledgementTests {
    private let date = Date(timeIntervalSince1970: 1_796_025_600)

    private static func text(_ bytes: [UInt8]) -> [String] {
        String(decoding: bytes, as: UTF8.self).split(separator: "\r").map(String.init)
    }

    @Test func aMessageIsAnsweredToItsSender() throws {
        let message = try HL7Message(HL7Samples.imagingOrder)
        let lines = Self.text(AcknowledgementWriter().answer(to: message, .applicationAccept, date: date))
        #expect(lines.count == 2 && lines[1] == "MSA|AA|C0002")
        let fields = lines[0].split(separator: "|", omittingEmptySubsequences: false)
        #expect(
            fields[2...7] == ["PLEURA", "H", "OF", "H", "20261130080000+0000", ""] && fields[8] == "ACK^O23^ACK"
                && fields[10...] == ["P", "2.5.1"])
        #expect(fields[9].count == 20)
    }

    @Test func errorsSayWhere() throws {
        let message = try HL7Message(HL7Samples.imagingOrder)
        let error = HL7Error(.missing, "OBR has no | number", at: HL7Location(segment: "OBR", occurrence: 2, field: 3))
        let lines = Self.text(AcknowledgementWriter().answer(to: message, .applicationError, error: error, date: date))
        #expect(
            lines[1...] == [
                #"MSA|AE|C0002|OBR has no \F\ number"#, #"ERR||OBR^2^3|101^Required field missing^HL70357|E||||OBR has no \F\ number"#,
            ])
        let old = try HL7Message(HL7Samples.imagingOrder.replacing("|2.5.1", with: "|2.3.1"))
        #expect(
            Self.text(AcknowledgementWriter().answer(to: old, .applicationError, error: error, date: date)).last
                == "ERR|OBR^2^3^101&Required field missing&HL70357")
        for message in [message, old] {
            let read = try Acknowledgement(
                HL7Message(AcknowledgementWriter().answer(to: message, .applicationError, error: error, date: date)))
            #expect(
                read.code == .applicationError && read.messageControlID == "C0002" && read.text == "OBR has no | number"
                    && !read.mayBeTriedAgain)
            #expect(read.details.first?.location == error.location && read.details.first?.code == "101")
        }
    }

    @Test(arguments: [
        ("", "UNKNOWN"), ("rubbish", "UNKNOWN"), ("MSH|^~\\&|RIS|H|P|H|2026||ADT^A08|77|P|2.3.1\rbad", "77"),
        ("MSH|^~\\&|RIS|H", "UNKNOWN"), ("MSH|||||||||77", "77"), ("MSH|^~\\&|||||||ADT|\"\"", "UNKNOWN"),
        ("MSH|^~\\&|||||||ADT|  |P|\rx", "UNKNOWN"),
        ("xxMSH|^~\\&|||||||ADT^A08|\u{FC}|P|2.5", "UNKNOWN"), ("MSH", "UNKNOWN"), ("\u{FC}\u{B}\u{1C}", "UNKNOWN"),
    ]) func whatCannotBeReadIsRejectedAllTheSame(_ text: String, _ controlID: String) throws {
        let bytes = AcknowledgementWriter().rejection(of: Array(text.utf8), error: HL7Error(.notHL7, "there is no MSH"), date: date)
        let answer = try Acknowledgement(HL7Message(bytes))
        #expect(answer.code == .applicationReject && answer.messageControlID == controlID && answer.text == "there is no MSH")
        #expect(answer.details.first?.code == "100")
        _ = try MLLP.frame(bytes)
    }

    @Test func theSameAnswerHasTheSameID() throws {
        let message = try HL7Message(HL7Samples.imagingOrder)
        let writer = AcknowledgementWriter()
        #expect(writer.answer(to: message, .commitAccept, date: date) == writer.answer(to: message, .commitAccept, date: date))
        let ids = try Acknowledgement.Code.allCases.map { try HL7Message(writer.answer(to: message, $0, date: date)).controlID }
        #expect(Set(ids).count == 6)
    }

    @Test(arguments: [
        ("|", AcknowledgementMode.original), ("AL|NE", .init(isEnhanced: true, accept: .always, application: .never)),
        ("NE|AL", .init(isEnhanced: true, accept: .never, application: .always)),
        ("ER|SU", .init(isEnhanced: true, accept: .onError, application: .onSuccess)),
        ("al|", .init(isEnhanced: true, accept: .always, application: .never)),
        ("|??", .init(isEnhanced: true, accept: .never, application: .always)),
    ]) func modes(_ fields: String, _ mode: AcknowledgementMode) throws {
        #expect(try AcknowledgementMode(HL7Message("MSH|^~\\&|A|B|C|D|2026||ADT^A08|1|P|2.5.1|||\(fields)")) == mode)
    }

    @Test func conditions() {
        #expect(AcknowledgementCondition.allCases.map { $0.wants(success: true) } == [true, false, false, true])
        #expect(AcknowledgementCondition.allCases.map { $0.wants(success: false) } == [true, false, true, false])
    }

    @Test func answersOfPeers() throws {
        func read(_ segments: String...) throws -> Acknowledgement {
            try Acknowledgement(HL7Message((["MSH|^~\\&|A|B|C|D|2026||ACK|9|P|2.5.1"] + segments).joined(separator: "\r")))
        }
        #expect(try read("MSA|CA|7") == Acknowledgement(.commitAccept, of: "7"))
        #expect(try read("MSA|AR|7|busy").mayBeTriedAgain && read("MSA|AR|7", "ERR|||207^x^HL70357|E").mayBeTriedAgain)
        #expect(
            try !read("MSA|AR|7", "ERR|||200^x^HL70357|E").mayBeTriedAgain && !read("MSA|AE|7|bad").mayBeTriedAgain
                && !read("MSA|AA|7").mayBeTriedAgain)
        #expect(try read("MSA|AE|7", "ERR|||101^no^HL70357|E||||say so").text == "say so")
        for segments in [["MSA|XX|7"], ["MSA|AA"], ["NTE|1"]] {
            #expect(throws: HL7Error.self) { try Acknowledgement(HL7Message((["MSH|^~\\&|A"] + segments).joined(separator: "\r"))) }
        }
    }
}
