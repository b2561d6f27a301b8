import Findings
import Foundation
import Radiographs

/// Small good files of 64 x 64 pixels with one white cell each (`DrawnPictures.cell`), and such as claim another size.
public enum SampleFiles {
    public static func png(column: Int = 2, row: Int = 1, bits: Int = 8) throws -> Data {
        try DrawnPictures.cell(column: column, row: row, bits: bits).png()
    }

    public static func jpeg() throws -> Data { try DrawnPictures.cell(column: 3, row: 3).jpegThumbnail(maximumSide: 64, quality: 95) }

    /// A DX image of 8 bits, explicit little endian (PS3.10).
    /// - Parameters:
    ///   - rows: Only claimed, as are `columns`.
    ///   - pixels: [64 * 64] in place of the cell; empty is no Pixel Data.
    ///   - slope: Of the modality's values, as text of DICOM; the intercept is 0.
    ///   - window: Centre and width, as text of DICOM.
    public static func dicom(
        rows: UInt16 = 64, columns: UInt16 = 64, pixels: Data? = nil, slope: String? = nil, window: (centre: String, width: String)? = nil
    ) -> Data {
        var bytes = DICOMBytes(
            rows: rows, columns: columns, samples: pixels ?? Data(DrawnPictures.cell(column: 0, row: 2).samples.map { UInt8($0) }))
        if let window {
            bytes.set(0x0028, 0x1050, "DS", window.centre)
            bytes.set(0x0028, 0x1051, "DS", window.width)
        }
        if let slope {
            bytes.set(0x0028, 0x1052, "DS", "0")
            bytes.set(0x0028, 0x1053, "DS", slope)
        }
        return bytes.file()
    }

    /// The same PNG, its header claiming another size, with the checksum put right.
    public static func png(claiming width: UInt32, _ height: UInt32) throws -> Data {
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
    public static func jpeg(claiming width: UInt16, _ height: UInt16) throws -> Data {
        var bytes = [UInt8](try jpeg())
        for index in 0..<bytes.count - 9 where bytes[index] == 0xFF && (0xC0...0xC2).contains(bytes[index + 1]) {
            bytes.replaceSubrange(
                index + 5..<index + 9, with: [UInt8(height >> 8), UInt8(height & 0xFF), UInt8(width >> 8), UInt8(width & 0xFF)])
            break
        }
        return Data(bytes)
    }
}
