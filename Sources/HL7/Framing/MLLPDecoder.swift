/// Takes messages out of a stream of bytes that comes in pieces. The events are the same however the stream is cut.
///
/// A message is given with its `<FS>`, without waiting for the carriage return behind it: a peer that leaves it out waits for its answer.
/// Never keeps more than the largest message.
public struct MLLPDecoder: Sendable {
    /// How many bytes of a message that is too large are kept.
    public static let headBytes = 1_024

    private enum State { case outside, afterEnd, inside, skipping }

    private let mostBytes: Int
    private var state = State.outside
    private var buffer: [UInt8] = []
    /// Bytes outside of frames that were not told yet.
    public private(set) var junkBytes = 0

    public init(mostBytes: Int = HL7Limits.standard.mostBytes) { self.mostBytes = max(mostBytes, Self.headBytes) }

    /// Whether a message has begun that has not ended.
    public var isWithinMessage: Bool { state == .inside || state == .skipping }

    /// Takes the next bytes of the stream.
    /// - Complexity: O(n)
    public mutating func receive(_ bytes: some Collection<UInt8>) -> [MLLPEvent] {
        bytes.withContiguousStorageIfAvailable { receive($0) } ?? Array(bytes).withUnsafeBufferPointer { receive($0) }
    }

    private mutating func receive(_ bytes: UnsafeBufferPointer<UInt8>) -> [MLLPEvent] {
        var events: [MLLPEvent] = []
        var place = 0
        while place < bytes.count {
            switch state {
            case .outside, .afterEnd:
                let byte = bytes[place]
                place += 1
                outside(byte, &events)
            case .inside, .skipping:
                var end = place
                while end < bytes.count, bytes[end] != MLLP.end { end += 1 }
                take(bytes[place..<end], &events)
                place = end
                if end < bytes.count {
                    place += 1
                    finishMessage(&events)
                }
            }
        }
        return events
    }

    /// The stream has ended.
    public mutating func finish() -> [MLLPEvent] {
        var events: [MLLPEvent] = []
        if state == .afterEnd { events.append(.missingReturn) }
        tellJunk(&events)
        if state == .inside { events.append(.unfinished(count: buffer.count)) }
        (state, buffer) = (.outside, [])
        return events
    }

    private mutating func outside(_ byte: UInt8, _ events: inout [MLLPEvent]) {
        if state == .afterEnd {
            state = .outside
            if byte == MLLP.carriageReturn { return }
            events.append(.missingReturn)
        }
        if byte == MLLP.start {
            tellJunk(&events)
            state = .inside
        } else if byte != MLLP.carriageReturn, byte != 0x0A {
            // Line ends between frames are common, and harm nobody.
            junkBytes += 1
        }
    }

    private mutating func tellJunk(_ events: inout [MLLPEvent]) {
        if junkBytes > 0 { events.append(.junk(count: junkBytes)) }
        junkBytes = 0
    }

    private mutating func take(_ piece: Slice<UnsafeBufferPointer<UInt8>>, _ events: inout [MLLPEvent]) {
        guard state == .inside else { return }
        guard piece.count <= mostBytes - buffer.count else {
            buffer += piece.prefix(max(0, Self.headBytes - buffer.count))
            events.append(.tooLarge(head: Array(buffer.prefix(Self.headBytes))))
            (state, buffer) = (.skipping, [])
            return
        }
        buffer += piece
    }

    private mutating func finishMessage(_ events: inout [MLLPEvent]) {
        defer { (state, buffer) = (.afterEnd, []) }
        guard state == .inside else { return }
        if buffer.count == 1, buffer[0] == 0x06 || buffer[0] == 0x15 {
            events.append(.commit(isAccepted: buffer[0] == 0x06))
            return
        }
        // A peer that broke off a message begins the next in the midst of it. A <VT> before anything else is a text's own: word
        // processors write it.
        guard let start = lastStart() else {
            events.append(.message(buffer))
            return
        }
        if start > 0 { events.append(.unfinished(count: start)) }
        events.append(.message(Array(buffer[(start + 1)...])))
    }

    /// Where `<VT>MSH` stands last.
    private func lastStart() -> Int? {
        guard buffer.count > 4 else { return nil }
        return buffer.withUnsafeBufferPointer { bytes in
            var place = bytes.count - 4
            while place >= 0 {
                if bytes[place] == MLLP.start, bytes[place + 1] == 0x4D, bytes[place + 2] == 0x53, bytes[place + 3] == 0x48 { return place }
                place -= 1
            }
            return nil
        }
    }
}
