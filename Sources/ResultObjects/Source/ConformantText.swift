import Foundation
import Terminology

/// Values as their representations allow them (PS3.5 6.2). What cannot be made to fit is dropped, never bent into another identity: a name
/// or a description may lose its end, a number of a patient or an order may not.
enum ConformantText {
    /// LO and SH of words: one line, its end cut off.
    static func words(_ text: String, limit: Int = 64) -> String? {
        let line = oneLine(text, keepsBackslash: false)
        let cut = String(String.UnicodeScalarView(line.unicodeScalars.prefix(limit))).trimmingCharacters(in: .whitespaces)
        return cut.isEmpty ? nil : cut
    }

    /// LO and SH that identify something: whole or not at all.
    static func identifier(_ text: String, limit: Int = 64) -> String? {
        let line = oneLine(text, keepsBackslash: true)
        return line.isEmpty || line.contains("\\") || line.unicodeScalars.count > limit ? nil : line
    }

    /// PN: up to three groups of up to five components, each group up to 64 characters.
    static func personName(_ text: String) -> String? {
        let line = oneLine(text, keepsBackslash: false)
        let groups = line.split(separator: "=", omittingEmptySubsequences: false).prefix(3).map { group -> String in
            let components = group.split(separator: "^", omittingEmptySubsequences: false).prefix(5).joined(separator: "^")
            return String(String.UnicodeScalarView(components.unicodeScalars.prefix(64))).trimmingCharacters(in: .whitespaces)
        }
        let name = groups.joined(separator: "=")
        return name.allSatisfy { "=^ ".contains($0) } ? nil : name
    }

    /// A name that is no DICOM name, such as an account's, as the first of two components: one alone is a retired form.
    static func personName(ofAccount text: String) -> String? {
        personName(text.map { "^=\\".contains($0) ? " " : String($0) }.joined().prefix(63) + "^")
    }

    /// ST, LT and UT: lines, up to so many characters.
    static func lines(_ text: String, limit: Int = 10_240) -> String {
        let clean = text.replacingOccurrences(of: "\r\n", with: "\n").unicodeScalars.map { scalar -> Unicode.Scalar in
            scalar == "\n" || !isControl(scalar) ? scalar : " "
        }
        let cut = String(String.UnicodeScalarView(clean.prefix(limit)))
        return cut.replacingOccurrences(of: "\n", with: "\r\n").trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// CS: capital letters, digits, blank and underscore.
    static func codeString(_ text: String) -> String? {
        let value = text.uppercased().trimmingCharacters(in: .whitespaces)
        let isCode = value.utf8.allSatisfy { (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x20 || $0 == 0x5F }
        return isCode && (1...16).contains(value.utf8.count) ? value : nil
    }

    /// DA: a day of the calendar; also as ACR-NEMA wrote it (YYYY.MM.DD) and ISO 8601 does.
    static func date(_ text: String) -> String? {
        let digits = text.trimmingCharacters(in: .whitespaces).filter { $0 != "." && $0 != "-" }
        guard digits.utf8.count == 8, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let month = Int(digits.dropFirst(4).prefix(2)),
            let day = Int(digits.suffix(2)), (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        return digits
    }

    /// TM: HH, HHMM, HHMMSS or HHMMSS.FFFFFF; also with colons, as ACR-NEMA wrote it.
    static func time(_ text: String) -> String? {
        let value = text.trimmingCharacters(in: .whitespaces).filter { $0 != ":" }
        guard value.wholeMatch(of: #/([01][0-9]|2[0-3])([0-5][0-9](([0-5][0-9]|60)(\.[0-9]{1,6})?)?)?/#) != nil else { return nil }
        return value
    }

    /// AS.
    static func age(_ text: String) -> String? { text.wholeMatch(of: #/[0-9]{3}[DWMY]/#) == nil ? nil : text }

    /// UI: up to 64 digits and points from one of the three roots there are (PS3.5 9.1). A component that begins with a zero is let pass:
    /// it names an image that is so named.
    static func isUID(_ text: String) -> Bool {
        text.utf8.count <= 64 && text.wholeMatch(of: #/[012](\.[0-9]+)+/#) != nil
    }

    /// DS: at most 16 characters.
    static func decimal(_ value: Double) -> String {
        for digits in stride(from: 10, through: 1, by: -1) {
            let text = String(format: "%.\(digits)g", value)
            if text.utf8.count <= 16 { return text }
        }
        return "0"
    }

    /// What is not in ASCII by its nearest in it, for objects in a character set of the image's.
    static func ascii(_ text: String) -> String {
        let near = text.applyingTransform(StringTransform("Any-Latin; Latin-ASCII"), reverse: false) ?? text
        return String(near.unicodeScalars.map { $0.isASCII ? Character($0) : "?" })
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool { scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) }

    private static func oneLine(_ text: String, keepsBackslash: Bool) -> String {
        let scalars = text.unicodeScalars.map { isControl($0) || $0 == "\\" && !keepsBackslash ? " " : $0 }
        return String(String.UnicodeScalarView(scalars)).trimmingCharacters(in: .whitespaces)
    }
}
