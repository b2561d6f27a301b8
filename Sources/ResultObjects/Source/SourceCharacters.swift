import DICOM
import Foundation

/// Which character set the objects have: UTF-8, to which the image's texts are converted. Where that cannot be done the image's own, its
/// texts copied byte by byte; our own words are in ASCII then, which is a part of each set.
enum SourceCharacters: Hashable, Sendable {
    case unicode
    /// By its names as Specific Character Set has them.
    case asSource(String)

    /// Specific Character Set (0008,0005).
    var names: String {
        switch self {
        case .unicode: "ISO_IR 192"
        case .asSource(let names): names
        }
    }

    /// The set that an image says it has, by its proper names: headers have them misspelt, in small letters and twice.
    /// - Returns: The fallback where a name is none; empty for the default repertoire.
    static func proper(_ said: String?, fallback: String) -> String {
        guard let said else { return "" }
        let parts = said.split(separator: "\\", omittingEmptySubsequences: false).map { $0.uppercased().filter { !" _-".contains($0) } }
        var names: [String] = []
        for (index, part) in parts.enumerated() {
            let isExtended = parts.count > 1 || part.hasPrefix("ISO2022")
            let found: String? =
                switch part {
                case "": index == 0 ? "" : nil
                case "GB18030", "GBK": part
                case "UTF8", "ISO10646": "ISO_IR 192"
                case "LATIN1", "ISO88591": "ISO_IR 100"
                default: number(part).map { isExtended && !["192"].contains($0) ? "ISO 2022 IR \($0)" : "ISO_IR \($0)" }
                }
            guard let found else { return fallback }
            if !names.contains(found) { names.append(found) }
        }
        // One set alone is not extended by others, unless it is one that only extends.
        if names.count == 1, let only = names.first, only.hasPrefix("ISO 2022"), !isExtension(only) {
            return only.replacingOccurrences(of: "ISO 2022 IR", with: "ISO_IR")
        }
        return names.joined(separator: "\\")
    }

    /// A set of several bytes a character, which is reached by escape sequences.
    static func isExtension(_ names: String) -> Bool { ["IR 87", "IR 159", "IR 149", "IR 58"].contains { names.contains($0) } }

    /// The registration of a set that DICOM knows.
    private static func number(_ part: String) -> String? {
        guard let match = part.wholeMatch(of: #/ISO(2022)?IR([0-9]+)/#) else { return nil }
        let known = [
            "6", "100", "101", "109", "110", "144", "127", "126", "138", "148", "166", "203", "13", "87", "159", "149", "58", "192",
        ]
        return known.contains(String(match.2)) ? String(match.2) : nil
    }
}

/// A text of the image, in the character set of the objects.
enum SourceText: Hashable, Sendable {
    case text(String)
    case bytes([UInt8])

    /// Sets an element, without a value where there is none.
    static func set(_ item: DICOMWriter.Item, _ tag: Tag, _ value: SourceText?) {
        switch value {
        case .text(let text): item.set(tag, text)
        case .bytes(let bytes): item.set(tag, bytes: bytes)
        case nil: item.set(tag, nil)
        }
    }
}
