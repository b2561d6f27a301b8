import Findings
import Foundation
import Radiographs
import TestSupport

/// Small good files, and ways to break them.
enum SampleFiles {
    /// 64 x 64, black but for one bright cell of 16 x 16 at column `c` and row `r` of the tiny network's grid.
    static func image(column: Int, row: Int, bits: Int = 8) -> PixelImage {
        let grey = UInt16((1 << bits) - 1)
        let samples = (0..<64 * 64).map { ($0 % 64 / 16 == column && $0 / 64 / 16 == row) ? grey : 0 }
        return PixelImage(width: 64, height: 64, bits: bits, samples: samples)
    }

    static func png(column: Int = 2, row: Int = 1, bits: Int = 8) throws -> Data { try image(column: column, row: row, bits: bits).png() }

    static func jpeg() throws -> Data { try image(column: 3, row: 3).jpegThumbnail(maximumSide: 64, quality: 95) }

    /// A DX image, explicit little endian (PS3.10); `rows` and `columns` are only claimed.
    static func dicom(rows: UInt16 = 64, columns: UInt16 = 64, pixels: Data? = nil) -> Data {
        DICOMBytes(rows: rows, columns: columns, samples: pixels ?? Data(image(column: 0, row: 2).samples.map { UInt8($0) })).file()
    }

    /// The same PNG, its header claiming another size, with the checksum put right.
    static func png(claiming width: UInt32, _ height: UInt32) throws -> Data {
        var bytes = [UInt8](try png())
        for (index, value) in [width, height].enumerated() {
            for byte in 0..<4 { bytes[16 + 4 * index + byte] = UInt8(truncatingIfNeeded: value >> (24 - 8 * UInt32(byte))) }
        }
        // CRC-32 of ISO 3309 over the chunk's type and data, as PNG has it.
        var sum: UInt32 = 0xFFFF_FFFF
        for byte in bytes[12..<29] {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
        for byte in 0..<4 { bytes[29 + byte] = UInt8(truncatingIfNeeded: ~sum >> (24 - 8 * UInt32(byte))) }
        return Data(bytes)
    }

    /// The same JPEG, its frame header claiming another size.
    static func jpeg(claiming width: UInt16, _ height: UInt16) throws -> Data {
        var bytes = [UInt8](try jpeg())
        for index in 0..<bytes.count - 9 where bytes[index] == 0xFF && (0xC0...0xC2).contains(bytes[index + 1]) {
            bytes.replaceSubrange(
                index + 5..<index + 9, with: [UInt8(height >> 8), UInt8(height & 0xFF), UInt8(width >> 8), UInt8(width & 0xFF)])
            break
        }
        return Data(bytes)
    }
}
