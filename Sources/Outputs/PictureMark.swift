import Foundation

/// The mark inside every picture that Pleura draws for people: annotated radiographs, sheets, charts. It goes where the file is copied to, so that
/// such a picture is never taken for a radiograph, and a later run knows what it may replace. Phantoms, which are drawn to be read, have none.
package enum PictureMark {
    static let text = "Pleura: drawn for people, not a radiograph"
    /// PNG's usual word for what made a file (ISO/IEC 15948, 11.3.4.2).
    private static let keyword = "Software"
    private static let pngSignature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// The same JPEG file with a comment (ITU-T T.81, B.2.4.5) after JFIF's own segment; what is no JPEG stays as it is.
    package static func marked(jpeg: Data) -> Data {
        let bytes = Array(jpeg.prefix(6))
        guard bytes.count == 6, bytes[0] == 0xFF, bytes[1] == 0xD8, bytes[2] == 0xFF else { return jpeg }
        // The length counts itself, not the marker.
        let place = bytes[3] == 0xE0 ? 4 + Int(bytes[4]) << 8 + Int(bytes[5]) : 2
        let comment = Array(text.utf8)
        guard place <= jpeg.count else { return jpeg }
        let length = comment.count + 2
        let segment: [UInt8] = [0xFF, 0xFE, UInt8(length >> 8), UInt8(length & 0xFF)] + comment
        return jpeg.prefix(place) + Data(segment) + jpeg.dropFirst(place)
    }

    /// The same PNG file with a chunk of text after its header; what is no PNG stays as it is.
    package static func marked(png: Data) -> Data {
        let headerEnd = 33
        guard png.count > headerEnd, Array(png.prefix(8)) == pngSignature else { return png }
        let chunk = Array("tEXt\(keyword)\0\(text)".utf8)
        let bytes = bigEndian(UInt32(chunk.count - 4)) + chunk + bigEndian(checksum(chunk))
        return png.prefix(headerEnd) + Data(bytes) + png.dropFirst(headerEnd)
    }

    /// Whether a file's content is a picture with the mark. Only its head is looked at.
    package static func isIn(_ file: Data) -> Bool {
        file.withUnsafeBytes { raw in
            guard raw.count > 4 else { return false }
            if raw[0] == 0xFF, raw[1] == 0xD8 { return isInJPEG(raw) }
            return raw.count > 8 && raw.prefix(8).elementsEqual(pngSignature) && isInPNG(raw)
        }
    }

    /// The same of a file; `false` where it cannot be read, or is none.
    package static func isIn(fileAt path: String) -> Bool {
        (try? Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)).map(isIn) ?? false
    }

    /// Segments before the first scan.
    private static func isInJPEG(_ raw: UnsafeRawBufferPointer) -> Bool {
        var place = 2
        while place + 4 <= raw.count, raw[place] == 0xFF {
            let kind = raw[place + 1]
            guard kind != 0xFF else {
                place += 1
                continue
            }
            let length = Int(raw[place + 2]) << 8 + Int(raw[place + 3])
            guard kind != 0xDA, length >= 2, place + 2 + length <= raw.count else { return false }
            if kind == 0xFE, raw[(place + 4)..<(place + 2 + length)].starts(with: text.utf8) { return true }
            place += 2 + length
        }
        return false
    }

    /// Chunks before the pixels.
    private static func isInPNG(_ raw: UnsafeRawBufferPointer) -> Bool {
        let wanted = Array("\(keyword)\0\(text)".utf8)
        var place = 8
        while place + 12 <= raw.count {
            let length = raw[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
            let kind = String(decoding: raw[place + 4..<place + 8], as: UTF8.self)
            guard kind != "IDAT", length <= raw.count - place - 12 else { return false }
            if kind == "tEXt", raw[place + 8..<place + 8 + length].starts(with: wanted) { return true }
            place += 12 + length
        }
        return false
    }

    private static func bigEndian(_ number: UInt32) -> [UInt8] { withUnsafeBytes(of: number.bigEndian) { Array($0) } }

    /// CRC-32 as PNG has it (ISO/IEC 15948, annex D).
    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var sum: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? (sum >> 1) ^ 0xEDB8_8320 : sum >> 1 }
        }
        return ~sum
    }
}
