import Foundation

extension R4.Identifier {
    /// The identifier as a search by `identifier` has it: `system|value`, escaped and percent-encoded.
    var token: String { SearchText.encoded(SearchText.escaped(system ?? "") + "|" + SearchText.escaped(value ?? "")) }
}

/// The text of searches (FHIR R4, 3.1.1.4.5 and 3.1.1.5).
enum SearchText {
    /// With a backslash before the signs that part values.
    static func escaped(_ text: String) -> String {
        var out = ""
        for character in text.unicodeScalars {
            if "\\,|$".unicodeScalars.contains(character) { out += "\\" }
            out.unicodeScalars.append(character)
        }
        return out
    }

    /// Percent-encoded, but for the unreserved characters of RFC 3986.
    static func encoded(_ text: String) -> String {
        var out = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: out.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                out += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return out
    }

    /// Parts between the signs that have no backslash before them; the backslashes stay.
    static func parts(_ text: String, by sign: Character) -> [String] {
        var parts = [""]
        var isEscaped = false
        for character in text {
            if character == sign, !isEscaped {
                parts.append("")
            } else {
                parts[parts.count - 1].append(character)
            }
            isEscaped = character == "\\" && !isEscaped
        }
        return parts
    }

    /// Without the backslashes.
    static func unescaped(_ text: String) -> String {
        var out = ""
        var isEscaped = false
        for character in text {
            if character == "\\", !isEscaped {
                isEscaped = true
            } else {
                out.append(character)
                isEscaped = false
            }
        }
        return out
    }
}
