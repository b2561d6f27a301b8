import Basics
import Foundation

/// Writes the answers to messages that come in (HL7 2.5.1, 2.9), to whole ones and to what cannot be read.
public struct AcknowledgementWriter: Sendable {
    private let site: HL7Site

    public init(site: HL7Site = HL7Site()) { self.site = site }

    /// The answer to a message, from its receiver to its sender, in its version and character set.
    /// - Parameters:
    ///   - code: Commit codes belong to the enhanced mode (`AcknowledgementMode`).
    ///   - error: Why it was not taken; told in MSA-3 and ERR.
    ///   - date: MSH-7.
    public func answer(to message: HL7Message, _ code: Acknowledgement.Code, error: HL7Error? = nil, date: Date) -> [UInt8] {
        var head = Head()
        head.sender = (1...2).map { Self.parts(message.value("MSH", $0 + 2)) }
        head.receiver = (1...2).map { Self.parts(message.value("MSH", $0 + 4)) }
        head.event = message.value("MSH", 9, 2)?.leaf
        head.controlID = message.controlID
        head.processingID = message.value("MSH", 11, 1)?.leaf
        head.version = message.version
        return write(head, code, error, date, message.characterSet)
    }

    /// The answer to bytes that are no message that can be read: a rejection with the reason. As much of its MSH is used as is there.
    public func rejection(of bytes: [UInt8], error: HL7Error, date: Date, code: Acknowledgement.Code = .applicationReject) -> [UInt8] {
        var head = Head()
        let line = bytes.prefix(4_096).drop { $0 != UInt8(ascii: "M") }.prefix { $0 != 0x0D && $0 != 0x0A }
        if line.starts(with: "MSH".utf8), line.count > 8 {
            let delimiter = line[line.startIndex + 3]
            let separator = line[line.startIndex + 4]
            let fields = line.split(separator: delimiter, maxSplits: 20, omittingEmptySubsequences: false)
            func component(_ number: Int, _ part: Int) -> String? {
                guard number - 1 < fields.count else { return nil }
                let parts = fields[number - 1].split(separator: separator, omittingEmptySubsequences: false)
                guard part - 1 < parts.count else { return nil }
                // Short plain words only: the rest of it may be anything.
                let word = parts[part - 1].prefix(200)
                guard word.allSatisfy({ (0x20..<0x7F).contains($0) }) else { return nil }
                let text = String(decoding: word, as: UTF8.self).trimmed
                return text == "\"\"" ? nil : text.orNil
            }
            head.sender = [[component(3, 1) ?? ""], [component(4, 1) ?? ""]]
            head.receiver = [[component(5, 1) ?? ""], [component(6, 1) ?? ""]]
            (head.event, head.controlID) = (component(9, 2), component(10, 1))
            (head.processingID, head.version) = (component(11, 1), component(12, 1))
        }
        return write(head, code, error, date, .ascii)
    }

    /// What an answer needs of the message's MSH.
    private struct Head {
        /// Application and facility, each with the components of data type HD.
        var sender: [[String]] = [[], []]
        var receiver: [[String]] = [[], []]
        var event: String?
        var controlID: String?
        var processingID: String?
        var version: String?
    }

    /// MSA-2 where the message does not say its control id: HL7 wants something there.
    static let unknownControlID = "UNKNOWN"

    private static func parts(_ value: HL7Value?) -> [String] { value?.components.map { $0.text ?? "" } ?? [] }

    private func write(
        _ head: Head, _ code: Acknowledgement.Code, _ error: HL7Error?, _ date: Date, _ characterSet: HL7CharacterSet
    ) -> [UInt8] {
        let version = head.version.flatMap { HL7Site.Version(rawValue: $0) }
        let isSince25 =
            version?.isSince25 ?? (head.version.map { $0.hasPrefix("2.") && $0.dropFirst(2).prefix(1) >= "5" } ?? site.version.isSince25)
        let controlID = head.controlID ?? Self.unknownControlID
        func party(_ parts: [String], or own: String?) -> HL7FieldText {
            parts.contains { !$0.isEmpty } ? HL7FieldText(repetitions: [parts.map { [$0] }]) : HL7FieldText(own)
        }
        var msh = HL7SegmentText("MSH")
        msh[3] = party(head.receiver[0], or: site.sendingApplication)
        msh[4] = party(head.receiver[1], or: site.sendingFacility)
        msh[5] = party(head.sender[0], or: site.receivingApplication)
        msh[6] = party(head.sender[1], or: site.receivingFacility)
        msh[7] = HL7FieldText(HL7Time.text(date))
        msh[9] =
            isSince25 || head.version == "2.4" || head.version == "2.3.1"
            ? .components("ACK", head.event, "ACK") : .components("ACK", head.event)
        // The same answer to the same message has the same id.
        msh[10] = HL7FieldText(ControlID.make(["ACK", controlID, code.rawValue]))
        msh[11] = HL7FieldText(head.processingID ?? site.processingID)
        msh[12] = HL7FieldText(head.version ?? site.version.rawValue)
        if characterSet != .ascii {
            msh[18] = HL7FieldText(
                repetitions: characterSet.name.split(separator: "~", omittingEmptySubsequences: false).map { [[String($0)]] })
        }
        var msa = HL7SegmentText("MSA")
        msa[1] = HL7FieldText(code.rawValue)
        msa[2] = HL7FieldText(controlID)
        if let error { msa[3] = HL7FieldText(String(error.reason.prefix(80))) }
        var message = HL7MessageText([msh, msa], characterSet: characterSet)
        if let error { message.segments.append(Self.errorSegment(error, isSince25)) }
        if let bytes = try? message.bytes() { return bytes }
        // A name of the sender's that its own set does not have, such as one that came in an escape sequence.
        message.characterSet = .utf8
        message.change("MSH") { $0[18] = HL7FieldText(HL7CharacterSet.utf8.name) }
        return (try? message.bytes()) ?? []
    }

    private static func errorSegment(_ error: HL7Error, _ isSince25: Bool) -> HL7SegmentText {
        var segment = HL7SegmentText("ERR")
        let (code, text) = error.condition
        let place = error.location
        if isSince25 {
            if let place {
                segment[2] = .components(
                    place.segment, String(place.occurrence), place.field.map(String.init), place.component.map { _ in "1" },
                    place.component.map(String.init))
            }
            segment[3] = .components(code, text, "HL70357")
            segment[4] = "E"
            segment[8] = HL7FieldText(String(error.reason.prefix(250)))
        } else {
            segment[1] = HL7FieldText(repetitions: [
                [
                    [place?.segment ?? ""], [place.map { String($0.occurrence) } ?? ""], [place?.field.map(String.init) ?? ""],
                    [code, text, "HL70357"],
                ]
            ])
        }
        return segment
    }
}

/// Message control ids (MSH-10).
enum ControlID {
    /// Twenty letters and digits, the same for the same parts: as long as the standard lets an id be, and too many to meet by chance.
    static func make(_ parts: [String]) -> String {
        let letters = Array("ABCDEFGHJKMNPQRSTVWXYZ0123456789".utf8)
        // Each part with its length, so that no two lists are one text.
        let digest = Digest(of: parts.map { "\($0.utf8.count):\($0)" }.joined())
        var (text, pool, bits): ([UInt8], UInt32, UInt32) = ([], 0, 0)
        for byte in digest.bytes {
            pool = pool << 8 | UInt32(byte)
            bits += 8
            while bits >= 5, text.count < 20 {
                bits -= 5
                text.append(letters[Int(pool >> bits & 31)])
            }
            pool &= 0xFFFF
        }
        return String(decoding: text, as: UTF8.self)
    }
}
