/// Whether a text is a UID (PS3.5 9.1): up to 64 characters, digits and dots. Leading zeros in a component are let pass: old devices write them.
public enum UniqueIdentifierText {
    public static func isValid(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard (1...64).contains(bytes.count), bytes.first != 0x2E, bytes.last != 0x2E else { return false }
        var previous: UInt8 = 0
        for byte in bytes {
            guard (0x30...0x39).contains(byte) || (byte == 0x2E && previous != 0x2E) else { return false }
            previous = byte
        }
        return true
    }
}
