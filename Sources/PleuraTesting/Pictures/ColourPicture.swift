import Foundation

/// A picture in colour whose every sample is known, and its PNG, written by hand: Pleura itself writes grey.
public struct ColourPicture: Hashable, Sendable {
    public var width: Int
    public var height: Int
    /// [height * width * 3], red, green and blue side by side.
    public var samples: [UInt8]

    /// - Parameter colour: Of the pixel at a column and a row.
    public init(width: Int, height: Int, _ colour: (_ x: Int, _ y: Int) -> (UInt8, UInt8, UInt8)) {
        (self.width, self.height) = (width, height)
        samples = []
        samples.reserveCapacity(3 * width * height)
        for y in 0..<height {
            for x in 0..<width {
                let (red, green, blue) = colour(x, y)
                samples += [red, green, blue]
            }
        }
    }

    /// 8 bits a sample, colour type 2, stored without compression.
    public var png: Data {
        var raw: [UInt8] = []
        for row in 0..<height { raw += [0] + samples[row * width * 3..<(row + 1) * width * 3] }
        var stream: [UInt8] = [0x78, 0x01]
        for start in stride(from: 0, to: raw.count, by: 65_535) {
            let part = raw[start..<min(start + 65_535, raw.count)]
            let length = UInt16(part.count)
            stream.append(start + part.count == raw.count ? 1 : 0)
            stream += [UInt8(length & 255), UInt8(length >> 8), UInt8(~length & 255), UInt8(~length >> 8)] + part
        }
        var (low, high): (UInt32, UInt32) = (1, 0)
        for byte in raw {
            low = (low + UInt32(byte)) % 65_521
            high = (high + low) % 65_521
        }
        stream += Self.bytes(high << 16 | low)
        let header = Self.bytes(UInt32(width)) + Self.bytes(UInt32(height)) + [8, 2, 0, 0, 0]
        return Data(
            [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + Self.chunk("IHDR", header) + Self.chunk("IDAT", stream)
                + Self.chunk("IEND", []))
    }

    private static func bytes(_ number: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * UInt32($0))) } }

    private static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
        let body = Array(name.utf8) + content
        var sum: UInt32 = 0xFFFF_FFFF
        for byte in body {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
        return bytes(UInt32(content.count)) + body + bytes(~sum)
    }
}
