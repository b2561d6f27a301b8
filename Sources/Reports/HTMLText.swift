/// Text that is safe anywhere inside an element or a quoted attribute.
enum HTMLText {
    /// Markup characters become references; control characters and those that turn the direction of text, which can make one file
    /// name look like another, become U+FFFD.
    static func escaped(_ text: String) -> String {
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

    /// Control characters, and the embeddings, overrides and isolates of Unicode's bidirectional algorithm.
    static func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .control
            || ("\u{202A}"..."\u{202E}").contains(scalar)
            || ("\u{2066}"..."\u{2069}").contains(scalar)
    }
}
