/// Text that is safe anywhere inside an element or a quoted attribute, of HTML and of SVG.
package enum MarkupText {
    /// Markup characters become references, what cannot be printed U+FFFD.
    package static func escaped(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "`": result += "&#96;"
            default: result.unicodeScalars.append(isUnprintable(scalar) ? "\u{FFFD}" : scalar)
            }
        }
        return result
    }

    /// The same text for a picture: what cannot be printed is U+FFFD.
    package static func printable(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isUnprintable) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { isUnprintable($0) ? "\u{FFFD}" : $0 }))
    }

    /// Control characters; the embeddings, overrides and isolates of Unicode's bidirectional algorithm, which can make one file name look like
    /// another; and what XML forbids.
    package static func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .control
            || ("\u{202A}"..."\u{202E}").contains(scalar)
            || ("\u{2066}"..."\u{2069}").contains(scalar)
            || scalar.value & 0xFFFE == 0xFFFE
    }
}
