/// How messages follow each other on a connection: the minimal lower layer protocol (HL7 implementation guide, appendix C; MLLP release
/// 1 and 2).
public enum MLLP {
    /// `<VT>`, before a message.
    public static let start: UInt8 = 0x0B
    /// `<FS>`, behind it; a carriage return follows.
    public static let end: UInt8 = 0x1C
    static let carriageReturn: UInt8 = 0x0D

    /// A message in its frame.
    /// - Throws: `HL7Error` of code `malformed` where the message has bytes that would end its frame. Messages written here have none.
    public static func frame(_ message: [UInt8]) throws -> [UInt8] {
        guard !message.contains(where: { $0 == start || $0 == end }) else {
            throw HL7Error(.malformed, "the message has a byte in it that would end its frame")
        }
        return [start] + message + [end, carriageReturn]
    }
}

/// What was found in a stream of frames.
public enum MLLPEvent: Hashable, Sendable {
    /// A whole message, without its frame.
    case message([UInt8])
    /// MLLP release 2: the peer has the message, or could not take it (`<ACK>`, `<NAK>` in a frame).
    case commit(isAccepted: Bool)
    /// Bytes outside of frames, which were skipped.
    case junk(count: Int)
    /// A message that had begun and never ended: how many bytes of it there were.
    case unfinished(count: Int)
    /// No carriage return stood behind `<FS>`. The message was given all the same.
    case missingReturn
    /// A message larger than is taken, told as soon as it is known; its rest is skipped. Its first bytes, for an answer.
    case tooLarge(head: [UInt8])
}
