import CCodecs
import Foundation

/// A mask of the chest's structures in one byte a pixel: a structure a bit, so that a clavicle may lie over a lung. Sides are the patient's;
/// the right lung is on the picture's left, as radiographs are hung.
///
/// A file of it is an indexed PNG whose numbers are the bits; its colours are for people.
public enum AnatomyBits {
    public static let rightLung: UInt8 = 1
    public static let leftLung: UInt8 = 2
    public static let heart: UInt8 = 4
    public static let rightClavicle: UInt8 = 8
    public static let leftClavicle: UInt8 = 16
    /// In the order of a network's outputs.
    public static let all = [rightLung, leftLung, heart, rightClavicle, leftClavicle]

    /// Their names, as a label map has them.
    public static let names = ["Right lung", "Left lung", "Heart", "Right clavicle", "Left clavicle"]

    /// The same structures of a picture that left and right were changed in.
    public static func mirrored(_ bits: UInt8) -> UInt8 {
        (bits & heart) | (bits & 0b01001) << 1 | (bits & 0b10010) >> 1
    }

    /// - Throws: `RadiographError` of code `cannotWrite`.
    public static func png(_ bits: [UInt8], width: Int, height: Int) throws -> Data {
        guard bits.count == width * height, let columns = Int32(exactly: width), let rows = Int32(exactly: height) else {
            throw RadiographError(.cannotWrite, "the mask is too large for PNG")
        }
        var palette: [UInt8] = []
        for index in 0..<32 {
            let parts: [(bit: UInt8, colour: [UInt8])] = [
                (rightLung, [70, 130, 180]), (leftLung, [60, 170, 110]), (heart, [200, 70, 70]), (rightClavicle, [230, 200, 60]),
                (leftClavicle, [240, 150, 50]),
            ]
            palette += parts.last { UInt8(index) & $0.bit != 0 }?.colour ?? [0, 0, 0]
        }
        var bytes: UnsafeMutablePointer<UInt8>?
        var count = 0
        defer { cc_png_free(bytes) }
        try CodecMessage.checked(.cannotWrite) {
            cc_png_encode_indexed(bits, columns, rows, palette, 32, &bytes, &count, $0, $1)
        }
        guard let bytes else { throw RadiographError(.cannotWrite, "the encoder gave no bytes") }
        return Data(bytes: bytes, count: count)
    }

    /// A mask's file.
    /// - Returns: The bits, row-major.
    /// - Throws: `RadiographError` where it is no PNG with a palette or of 8 bits of grey, or has numbers that are no bits of structures.
    public static func read(png bytes: Data) throws -> (bits: [UInt8], width: Int, height: Int) {
        try bytes.withUnsafeBytes { raw in
            let source = raw.bindMemory(to: UInt8.self).baseAddress
            var header = CCPNGHeader()
            try CodecMessage.checked(.damaged) { cc_png_header(source, raw.count, &header, $0, $1) }
            let (width, height) = (Int(header.width), Int(header.height))
            try DecodingLimits().check(width: width, height: height)
            let bits: [UInt8] = try UnsafeBytes.filled(count: width * height) { target in
                try CodecMessage.checked(.damaged) {
                    cc_png_decode_indices(source, raw.count, header.width, header.height, target.baseAddress, $0, $1)
                }
            }
            guard bits.allSatisfy({ $0 < 32 }) else {
                throw RadiographError(.damaged, "a mask has the bits 1, 2, 4, 8 and 16, and this one has others")
            }
            return (bits, width, height)
        }
    }
}
