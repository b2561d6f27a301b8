import Basics
import Findings
import Foundation

/// Spoils the content of a file as disks, networks and hasty programs do: the same damage for the same seed on every machine.
///
/// A mutation is one to six edits: bits turned over, bytes and whole numbers replaced by such as readers stumble over, pieces cut out, doubled, moved or
/// blanked, the end cut off. Half of the edits fall into the first bytes, where headers are.
public struct Mutator {
    private var random: SeededGenerator
    private let tokens: [Data]
    private let headSize: Int

    /// Lengths, counts and offsets that are at an end of what a field can hold.
    private static let numbers: [UInt64] = [
        0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFE, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFE, 0xFFFF_FFFF,
        0x7FFF_FFFF_FFFF_FFFF, 0xFFFF_FFFF_FFFF_FFFF,
    ]

    /// - Parameters:
    ///   - seed: Says all that follows.
    ///   - tokens: What may be written somewhere, such as tags, quotes or `NaN`: words of the format that random bytes would never give.
    ///   - headSize: How many bytes, from the first, get half of the edits.
    public init(seed: UInt64, tokens: [Data] = [], headSize: Int = 2_000) {
        random = SeededGenerator(seed: seed)
        self.tokens = tokens
        self.headSize = headSize
    }

    /// A damaged copy. It may be empty, and it may, rarely, be equal to what was given.
    public mutating func mutate(_ data: Data) -> Data {
        var bytes = [UInt8](data)
        for _ in 0...below(6) { edit(&bytes) }
        return Data(bytes)
    }

    /// Uniform in 0..<count; 0 where there is nothing to choose from.
    public mutating func below(_ count: Int) -> Int { count > 0 ? Int(random.next() % UInt64(count)) : 0 }

    private mutating func edit(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else { return bytes = token }
        let place = place(in: bytes.count)
        let length = min(pieceLength, bytes.count - place)
        let piece = place..<(place + length)
        switch below(12) {
        case 0, 1: bytes[place] ^= 1 << UInt8(below(8))
        case 2: bytes[place] = UInt8(below(256))
        case 3, 4: replaceNumber(in: &bytes, at: place)
        case 5: bytes.removeSubrange(piece)
        case 6: bytes.insert(contentsOf: bytes[piece], at: place)
        case 7: bytes.insert(contentsOf: bytes[piece], at: self.place(in: bytes.count))
        case 8: for index in piece { bytes[index] = 0 }
        case 9: for index in piece { bytes[index] = UInt8(below(256)) }
        case 10: bytes.replaceSubrange(place..<min(place + below(2) * length, bytes.count), with: token)
        // Cutting the end off too often would leave little for the other edits to spoil.
        default: if below(3) == 0 { bytes.removeSubrange(place...) }
        }
    }

    /// A whole number of 1, 2, 4 or 8 bytes in either order, set to another or made a little more or less.
    private mutating func replaceNumber(in bytes: inout [UInt8], at place: Int) {
        let width = min(1 << below(4), bytes.count - place)
        let isBig = below(4) == 0
        let indices = isBig ? Array((place..<(place + width)).reversed()) : Array(place..<(place + width))
        var value: UInt64 = 0
        for (shift, index) in indices.enumerated() { value |= UInt64(bytes[index]) << UInt64(8 * shift) }
        switch below(4) {
        case 0: value = value &+ UInt64(below(9)) &- 4
        case 1: value = UInt64(below(bytes.count + 16))
        default: value = Self.numbers[below(Self.numbers.count)]
        }
        for (shift, index) in indices.enumerated() { bytes[index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * shift)) }
    }

    private mutating func place(in count: Int) -> Int { below(below(2) == 0 ? min(count, headSize) : count) }

    /// Short pieces mostly: 1 to 256 bytes, as many of one length's order as of another's.
    private var pieceLength: Int {
        mutating get { 1 + below(1 << below(9)) }
    }

    private var token: [UInt8] {
        mutating get { tokens.isEmpty ? [UInt8(below(256))] : [UInt8](tokens[below(tokens.count)]) }
    }
}
