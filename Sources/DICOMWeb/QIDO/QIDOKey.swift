import Foundation

/// What one attribute has to be (PS3.4 C.2.2.2): a value, a list of UIDs, a pattern with `*` and `?`, a range of dates or times, or
/// anything.
public struct QIDOKey: Hashable, Sendable {
    /// As it was asked for.
    public let text: String
    private let representation: String
    private let form: Form

    private enum Form: Hashable, Sendable {
        case any
        case uids(Set<String>)
        /// In the order of time, as digits; ends belong to it.
        case range(from: String?, to: String?)
        case number(Double)
        case pattern([Character])
        case text(String)
    }

    /// - Throws: `DICOMWebError` of code `badRequest`.
    public init(_ text: String, representation: String) throws {
        (self.text, self.representation) = (text, representation)
        let bare = text.trimmingCharacters(in: .whitespaces)
        switch representation {
        case _ where bare.isEmpty || bare.allSatisfy({ $0 == "*" }): form = .any
        case "UI":
            let uids = bare.split { $0 == "," || $0 == "\\" }.map { $0.trimmingCharacters(in: .whitespaces) }
            guard uids.count <= 10_000 else { throw DICOMWebError(.badRequest, "a list of more than 10,000 UIDs") }
            form = .uids(Set(try uids.map { try DICOMWebAddress.uid($0) }))
        case "DA", "TM", "DT": form = try Self.range(bare, representation)
        case "IS", "DS", "US", "UL", "SS", "SL", "FL", "FD":
            guard let number = Double(bare), number.isFinite else { throw DICOMWebError(.badRequest, "a number is asked for by a number") }
            form = .number(number)
        default:
            let folded = Self.folded(bare, representation)
            form = folded.contains { "*?".contains($0) } ? .pattern(Array(folded)) : .text(folded)
        }
    }

    private static func range(_ text: String, _ representation: String) throws -> Form {
        let reason = representation == "TM" ? "a time is HHMMSS, or two with a hyphen" : "a date is YYYYMMDD, or two with a hyphen"
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { moment($0, representation) }
        guard (1...2).contains(ends.count), ends.contains(where: { $0 != "" }), !ends.contains(nil) else {
            throw DICOMWebError(.badRequest, reason)
        }
        let found = ends.compactMap { $0 }
        guard let first = found.first, let last = found.last else { throw DICOMWebError(.badRequest, reason) }
        // The end of a range, and a moment alone, last as long as they say: 10 is all of the hour from 10.
        return .range(from: first.isEmpty ? nil : first, to: last.isEmpty ? nil : last + "\u{7F}")
    }

    /// Digits and a point, in the order of time; empty for an open end, `nil` for what is no moment.
    private static func moment(_ text: some StringProtocol, _ representation: String) -> String? {
        // Dates and times had points and colons before 1993.
        let digits = String(text.filter { $0 != ":" && !(representation == "DA" && $0 == ".") })
        let isMoment = digits.utf8.allSatisfy { (0x30...0x39).contains($0) || representation != "DA" && $0 == 0x2E }
        let isLong = representation == "DA" ? digits.utf8.count == 8 : digits.utf8.count >= 2 && digits.utf8.count <= 26
        return digits.isEmpty ? "" : isMoment && isLong ? digits : nil
    }

    /// Names match whatever their case (PS3.4 C.2.2.2.1); carets at the end say nothing.
    private static func folded(_ text: String, _ representation: String) -> String {
        guard representation == "PN" else { return text.trimmingCharacters(in: .whitespaces) }
        var name = text.lowercased().trimmingCharacters(in: .whitespaces)
        while name.last == "^" || name.last == " " { name.removeLast() }
        return name
    }

    /// Whether one of an attribute's values matches.
    public func matches(_ values: [String], isFuzzy: Bool = false) -> Bool {
        if case .any = form { return true }
        return values.contains { matches($0, isFuzzy: isFuzzy) }
    }

    private func matches(_ value: String, isFuzzy: Bool) -> Bool {
        switch form {
        case .any: return true
        case .uids(let uids): return uids.contains(value)
        case .number(let number): return Double(value.trimmingCharacters(in: .whitespaces)) == number
        case .range(let from, let to):
            guard let moment = Self.moment(value.trimmingCharacters(in: .whitespaces), representation), !moment.isEmpty else {
                return false
            }
            return (from.map { Self.isOrdered($0, moment) } ?? true) && (to.map { Self.isOrdered(moment, $0) } ?? true)
        case .pattern, .text:
            guard representation == "PN" else { return literally(Self.folded(value, representation)) }
            if isFuzzy { return fuzzily(value) }
            let groups = value.split(separator: "=", omittingEmptySubsequences: false).map { Self.folded(String($0), representation) }
            return groups.contains(where: literally) || literally(Self.folded(value, representation))
        }
    }

    private func literally(_ value: String) -> Bool {
        switch form {
        case .text(let wanted): value == wanted
        case .pattern(let pattern): Self.fits(Array(value), pattern)
        default: false
        }
    }

    /// Every word of the key begins a word of the name.
    private func fuzzily(_ value: String) -> Bool {
        let words = { (text: String) in
            text.folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil).split { " ^=,*?".contains($0) }
        }
        let name = words(value)
        return words(text).allSatisfy { word in name.contains { $0.hasPrefix(word) } }
    }

    private static func isOrdered(_ earlier: String, _ later: String) -> Bool {
        !later.utf8.lexicographicallyPrecedes(earlier.utf8)
    }

    /// `*` is any text and `?` any one character. Steps grow by the product of both lengths at worst.
    private static func fits(_ text: [Character], _ pattern: [Character]) -> Bool {
        var (place, step) = (0, 0)
        var star: (step: Int, place: Int)?
        while place < text.count {
            if step < pattern.count, pattern[step] == "*" {
                star = (step, place)
                step += 1
            } else if step < pattern.count, pattern[step] == "?" || pattern[step] == text[place] {
                (place, step) = (place + 1, step + 1)
            } else if let last = star {
                star = (last.step, last.place + 1)
                (place, step) = (last.place + 1, last.step + 1)
            } else {
                return false
            }
        }
        return pattern[step...].allSatisfy { $0 == "*" }
    }
}
