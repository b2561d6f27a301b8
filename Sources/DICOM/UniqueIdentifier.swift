/// Makes DICOM UIDs without a registered root: 2.25 and a UUID as one decimal number (PS3.5, B.2).
enum UniqueIdentifier {
    /// The UID of a text, always the same.
    static func derived(from text: String) -> String {
        var number = hash(text.utf8)
        // A UUID of version 8 (RFC 9562), whose other bits are its maker's.
        number = number & ~(UInt128(0xF) << 76) | UInt128(8) << 76
        number = number & ~(UInt128(0x3) << 62) | UInt128(2) << 62
        return "2.25.\(number)"
    }

    /// Stands for a picture's samples in a text.
    static func digest(of samples: [UInt16]) -> String {
        String(samples.withUnsafeBytes { hash($0) }, radix: 16)
    }

    /// FNV-1a of 128 bits (RFC 9923): spreads well, and is no secret.
    private static func hash(_ bytes: some Sequence<UInt8>) -> UInt128 {
        var state: UInt128 = 0x6C62_272E_07BB_0142_62B8_2175_6295_C58D
        for byte in bytes { state = (state ^ UInt128(byte)) &* 0x0000_0000_0100_0000_0000_0000_0000_013B }
        return state
    }
}
