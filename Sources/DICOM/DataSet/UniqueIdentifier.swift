import Basics
import Foundation

/// Makes DICOM UIDs without a registered root: 2.25 and a UUID as one decimal number (PS3.5, B.2).
package enum UniqueIdentifier {
    /// The UID of a text, always the same, and of no other text that anybody could find.
    package static func derived(from text: String) -> String { derived(from: Digest(of: text)) }

    /// The UID of a content by its SHA-256.
    package static func derived(from digest: Digest) -> String {
        var number = digest.bytes.prefix(16).reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        // A UUID of version 8 (RFC 9562), whose other bits are its maker's.
        number = number & ~(UInt128(0xF) << 76) | UInt128(8) << 76
        number = number & ~(UInt128(0x3) << 62) | UInt128(2) << 62
        return "2.25.\(number)"
    }
}
