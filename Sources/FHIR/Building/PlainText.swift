/// Text as FHIR's `string` has it: not empty, without control characters but tab and line ends, up to 1 MiB.
enum PlainText {
    static func clean(_ text: String?) -> String? {
        guard let text else { return nil }
        let scalars = text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F || $0 == "\n" || $0 == "\t" || $0 == "\r" }
        var clean = String(String.UnicodeScalarView(scalars))
        if clean.utf8.count > 1 << 20 { clean = String(decoding: clean.utf8.prefix((1 << 20) - 3), as: UTF8.self) }
        return clean.allSatisfy(\.isWhitespace) ? nil : clean
    }

    /// In one line, without blanks at its ends.
    static func line(_ text: String?) -> String? {
        clean(text)?.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

extension Array {
    /// An empty list is not written.
    var orNil: [Element]? { isEmpty ? nil : self }
}
