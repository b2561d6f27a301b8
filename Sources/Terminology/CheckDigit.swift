extension ConceptCode {
    /// What is wrong with the form of a code, in one phrase; `nil` where nothing is.
    ///
    /// Code Value is SH, of up to 16 characters (PS3.3, 8.1); Code Meaning LO, up to 64. The identifiers of SNOMED CT end in a check digit.
    public var fault: String? {
        func isPlain(_ text: String) -> Bool {
            !text.unicodeScalars.contains { $0.properties.generalCategory == .control || $0 == "\\" }
                && text.first != " " && text.last != " "
        }
        if value.isEmpty { return "the code has no value" }
        if value.unicodeScalars.count > 16 { return "the value has more than 16 characters" }
        if !value.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) || !isPlain(value) {
            return "the value has characters that are not allowed"
        }
        if meaning.isEmpty { return "the code has no meaning" }
        if meaning.unicodeScalars.count > 64 { return "the meaning has more than 64 characters" }
        if !isPlain(meaning) { return "the meaning has characters that are not allowed" }
        if scheme.isEmpty || scheme.unicodeScalars.count > 16 { return "the scheme's designator has 1 to 16 characters" }
        switch scheme {
        case "SCT": return Self.hasCheckDigit(value) ? nil : "the check digit of the SNOMED CT identifier is wrong"
        case "LN": return Self.isLOINC(value) ? nil : "a LOINC code is digits, a hyphen and its check digit"
        case "RADLEX":
            let digits = value.hasPrefix("RPID") ? value.dropFirst(4) : value.dropFirst(3)
            let isRight = value.hasPrefix("R") && !digits.isEmpty && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
            return isRight && (value.hasPrefix("RID") || value.hasPrefix("RPID")) ? nil : "a RadLex code is RID or RPID and digits"
        default: return nil
        }
    }

    /// Verhoeff's check digit (Verhoeff, Error detecting decimal codes, 1969) over 6 to 18 digits, the first not 0 (SNOMED CT SCTID).
    static func hasCheckDigit(_ identifier: String) -> Bool {
        let digits = identifier.utf8.map { Int($0) - 0x30 }
        guard (6...18).contains(digits.count), digits.allSatisfy({ (0...9).contains($0) }), digits.first != 0 else { return false }
        var check = 0
        for (place, digit) in digits.reversed().enumerated() { check = product(check, permuted(digit, place % 8)) }
        return check == 0
    }

    /// In the group of the symmetries of a pentagon: 0 to 4 turn it, 5 to 9 mirror it first.
    private static func product(_ a: Int, _ b: Int) -> Int {
        switch (a < 5, b < 5) {
        case (true, true): (a + b) % 5
        case (true, false): 5 + (a + b - 5) % 5
        case (false, true): 5 + (a - 5 - b + 5) % 5
        case (false, false): (a - b + 5) % 5
        }
    }

    private static func permuted(_ digit: Int, _ times: Int) -> Int {
        (0..<times).reduce(digit) { value, _ in [1, 5, 7, 6, 2, 8, 3, 0, 9, 4][value] }
    }

    /// A check digit by Luhn's algorithm (LOINC User's Guide).
    private static func isLOINC(_ code: String) -> Bool {
        let parts = code.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].utf8.count == 1, (1...8).contains(parts[0].utf8.count), let check = parts[1].utf8.first else {
            return false
        }
        let digits = parts[0].utf8.map { Int($0) - 0x30 }
        guard (digits + [Int(check) - 0x30]).allSatisfy({ (0...9).contains($0) }) else { return false }
        let sum = digits.reversed().enumerated().reduce(0) { sum, next in
            let value = next.offset % 2 == 0 ? next.element * 2 : next.element
            return sum + (value > 9 ? value - 9 : value)
        }
        return (10 - sum % 10) % 10 == Int(check) - 0x30
    }
}
