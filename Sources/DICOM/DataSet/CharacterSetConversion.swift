import CDICOM
import Foundation

/// Texts of DICOM's character sets (Specific Character Set, PS3.3 C.12.1.1.2).
package enum CharacterSetConversion {
    /// - Parameters:
    ///   - raw: As it stands in a file, without zeros.
    ///   - names: Values of Specific Character Set with backslashes between them; empty for the default repertoire.
    /// - Returns: `nil` where no set of that name can be converted, or the text is none of it.
    package static func text(_ raw: [UInt8], names: String, isPersonName: Bool) -> String? {
        let terminated = raw.map { CChar(bitPattern: $0) } + [0]
        guard let found = CDICOMConvertedText(terminated, names, isPersonName) else { return nil }
        defer { free(found) }
        return String(validatingCString: found)
    }
}
