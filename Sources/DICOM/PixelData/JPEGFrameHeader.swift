/// The frame header of a JPEG (ISO/IEC 10918-1 B.2.2) or JPEG-LS (ISO/IEC 14495-1 C.2.2) codestream, read before it is decoded.
struct JPEGFrameHeader: Hashable {
    /// Bits a sample, 2 to 16.
    let precision: Int
    let rows: Int
    let columns: Int
    let components: Int

    /// `nil` where no frame header comes before the first scan.
    init?(_ bytes: UnsafeRawBufferPointer) {
        var position = 0
        func byte(_ index: Int) -> Int? { index < bytes.count ? Int(bytes[index]) : nil }
        func word(_ index: Int) -> Int? { index + 1 < bytes.count ? Int(bytes[index]) << 8 | Int(bytes[index + 1]) : nil }
        guard word(0) == 0xFFD8 else { return nil }
        position = 2
        while let prefix = byte(position), let marker = byte(position + 1) {
            guard prefix == 0xFF else { return nil }
            switch marker {
            case 0xFF: position += 1  // fill byte
            case 0x01, 0xD0...0xD7: position += 2  // markers without a segment
            case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF, 0xF7:
                guard let precision = byte(position + 4), let rows = word(position + 5), let columns = word(position + 7),
                    let components = byte(position + 9), (2...16).contains(precision)
                else { return nil }
                self.precision = precision
                self.rows = rows
                self.columns = columns
                self.components = components
                return
            case 0xDA, 0xD9, 0xD8: return nil  // a scan, the end or a second start before any frame header
            default:
                guard let length = word(position + 2), length >= 2 else { return nil }
                position += 2 + length
            }
        }
        return nil
    }
}
