import Foundation

/// What takes the place of a patient's identity, always the same for the same patient under one key.
struct Pseudonyms {
    let key: DeidentificationKey
    /// What tells this patient from others, in the file's own bytes.
    let patient: [UInt8]

    /// In place of Patient ID and, behind a word, of the name: 16 hexadecimal digits.
    var patientCode: String {
        String(
            key.code("patient", patient).prefix(8).flatMap { byte in [byte >> 4, byte & 15].map { Array("0123456789ABCDEF")[Int($0)] } })
    }

    /// Days that dates go back by, 366 to 3652.
    var days: Int {
        let number = key.code("days", patient).prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return 366 + Int(number % 3_287)
    }

    /// UIDs of the standard and of other registries of meanings name no instance; all below the DICOM root stay.
    private static let kept = ["1.2.840.10008."]

    /// A UID in the place of another: 2.25 and a number of 128 bits (PS3.5 B.2).
    func uid(_ uid: Substring) -> String {
        let bare = uid.trimmingCharacters(in: .whitespaces.union(.controlCharacters))
        if bare.isEmpty || Self.kept.contains(where: { bare.hasPrefix($0) }) { return bare }
        var number = key.code("uid", Array(bare.utf8)).prefix(16).reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        // A UUID of version 8 (RFC 9562), whose other bits are its maker's.
        number = number & ~(UInt128(0xF) << 76) | UInt128(8) << 76
        number = number & ~(UInt128(0x3) << 62) | UInt128(2) << 62
        return "2.25.\(number)"
    }

    func uids(_ text: String) -> String {
        text.split(separator: "\\", omittingEmptySubsequences: false).map { uid($0) }.joined(separator: "\\")
    }
}
