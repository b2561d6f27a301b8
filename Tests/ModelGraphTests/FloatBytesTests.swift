import Foundation
import ModelGraph
import Testing

@Suite struct FloatBytesTests {
    /// The value of a binary16 by its definition (IEEE 754, 3.4).
    private static func value(ofHalf bits: UInt16) -> Double {
        let sign: Double = bits & 0x8000 == 0 ? 1 : -1
        let exponent = Int(bits >> 10) & 31
        let fraction = Double(bits & 1023)
        switch exponent {
        case 0: return sign * fraction * pow(2, -24)
        case 31: return fraction == 0 ? sign * .infinity : .nan
        default: return sign * (1 + fraction / 1024) * pow(2, Double(exponent - 15))
        }
    }

    private static func half(_ value: Float) -> UInt16 {
        FloatBytes.halfBytes([value]).withUnsafeBytes { UInt16(littleEndian: $0.loadUnaligned(as: UInt16.self)) }
    }

    @Test func everyHalfSurvives() {
        for bits in UInt16.min...UInt16.max {
            let value = Self.value(ofHalf: bits)
            guard !value.isNaN else { continue }
            #expect(Self.half(Float(value)) == bits)
        }
    }

    @Test func theNearestHalfIsTakenAndTiesGoToEven() {
        var state: UInt64 = 7
        for _ in 0..<20_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let value = Float(bitPattern: UInt32(truncatingIfNeeded: state >> 32) & 0xC7FF_FFFF | 0x3000_0000)
            guard abs(value) < 65504, value.isFinite else { continue }
            let bits = Self.half(value)
            let distance = abs(Self.value(ofHalf: bits) - Double(value))
            for neighbour in [bits &- 1, bits &+ 1] where neighbour & 0x7FFF < 0x7C00 && neighbour >> 15 == bits >> 15 {
                let other = abs(Self.value(ofHalf: neighbour) - Double(value))
                #expect(distance < other || distance == other && bits & 1 == 0, "\(value)")
            }
        }
    }
}
