import Foundation

/// 32-bit and 16-bit floats as little-endian bytes, and back.
public enum FloatBytes {
    /// Trailing bytes that fill no number are left out.
    public static func floats(_ bytes: Data) -> [Float] {
        bytes.withUnsafeBytes { raw in
            (0..<raw.count / 4).map { Float(bitPattern: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self))) }
        }
    }

    public static func bytes(_ values: [Float]) -> Data {
        values.map { $0.bitPattern.littleEndian }.withUnsafeBytes { Data($0) }
    }

    /// IEEE 754 binary16, round to nearest even; beyond its range the nearest infinity.
    public static func halfBytes(_ values: [Float]) -> Data {
        values.map { half($0).littleEndian }.withUnsafeBytes { Data($0) }
    }

    /// The numbers of IEEE 754 binary16; trailing bytes that fill no number are left out.
    package static func floats(halves bytes: Data) -> [Float] {
        bytes.withUnsafeBytes { raw in
            (0..<raw.count / 2).map { float(half: UInt16(littleEndian: raw.loadUnaligned(fromByteOffset: $0 * 2, as: UInt16.self))) }
        }
    }

    /// The number of a binary16's bit pattern.
    package static func float(half bits: UInt16) -> Float {
        let sign: Float = bits & 0x8000 == 0 ? 1 : -1
        let (exponent, fraction) = (Int((bits >> 10) & 0x1F), Float(bits & 0x3FF))
        switch exponent {
        case 0: return sign * fraction / 16_777_216
        case 31: return fraction == 0 ? sign * .infinity : .nan
        default: return sign * (1 + fraction / 1024) * Float(sign: .plus, exponent: exponent - 15, significand: 1)
        }
    }

    /// The number of a bfloat16's bit pattern: the upper half of a 32-bit float's.
    package static func float(brain bits: UInt16) -> Float { Float(bitPattern: UInt32(bits) << 16) }

    /// The bit pattern of the binary16 nearest to `value`. Written out because `Float16` is missing on some Swift platforms.
    package static func half(_ value: Float) -> UInt16 {
        let bits = value.bitPattern
        let sign = UInt16(truncatingIfNeeded: (bits >> 16) & 0x8000)
        let magnitude = bits & 0x7FFF_FFFF
        if magnitude > 0x7F80_0000 { return sign | 0x7E00 }
        if magnitude >= 0x477F_F000 { return sign | 0x7C00 }
        if magnitude < 0x3880_0000 {
            // Subnormal halves: the number in units of 2^-24, rounded to even.
            let units = Float(bitPattern: magnitude) * 16_777_216
            return sign | UInt16(units.rounded(.toNearestOrEven))
        }
        let rounded = magnitude + 0x0FFF + ((magnitude >> 13) & 1)
        return sign | UInt16(truncatingIfNeeded: (rounded - 0x3800_0000) >> 13)
    }
}
