/// Moves dates back by whole days; the time of day and the offset from UTC stay.
struct DateShift {
    let days: Int

    /// Every value of a DA, DT or TM element; `nil` where one of them is none, which nobody can say what it tells.
    func values(_ text: String, representation: String) -> String? {
        var values: [String] = []
        for value in text.split(separator: "\\", omittingEmptySubsequences: false) {
            let bare = value.trimming(" ")
            switch representation {
            case _ where bare.isEmpty: values.append("")
            case "TM":
                guard bare.utf8.allSatisfy({ (0x30...0x3A).contains($0) || $0 == 0x2E }) else { return nil }
                values.append(String(bare))
            case "DA":
                // Before 1993 dates had points.
                guard let date = shifted(bare.filter { $0 != "." }[...]), bare.utf8.count <= 10 else { return nil }
                values.append(date)
            case "DT":
                let rest = bare.dropFirst(8)
                guard rest.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E || $0 == 0x2B || $0 == 0x2D }),
                    let date = shifted(bare.prefix(8))
                else { return nil }
                values.append(date + rest)
            default: return nil
            }
        }
        return values.joined(separator: "\\")
    }

    private func shifted(_ text: Substring) -> String? {
        guard text.utf8.count == 8, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text) else { return nil }
        let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100)
        guard (1...12).contains(month), (1...31).contains(day), year > 100 else { return nil }
        let date = Self.date(Self.dayNumber(year, month, day) - days)
        guard date.year > 0 else { return nil }
        let padded = { (number: Int, width: Int) in String(repeating: "0", count: max(0, width - String(number).count)) + String(number) }
        return padded(date.year, 4) + padded(date.month, 2) + padded(date.day, 2)
    }

    /// Days since 1 March of the year 0, in the Gregorian calendar: its leap day is the last of such a year.
    private static func dayNumber(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let (y, m) = month > 2 ? (year, month - 3) : (year - 1, month + 9)
        return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1
    }

    private static func date(_ number: Int) -> (year: Int, month: Int, day: Int) {
        let era = number / 146_097
        let dayOfEra = number - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let m = (5 * dayOfYear + 2) / 153
        let month = m < 10 ? m + 3 : m - 9
        return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * m + 2) / 5 + 1)
    }
}

extension Substring {
    fileprivate func trimming(_ character: Character) -> Substring {
        var text = self
        while text.first == character { text.removeFirst() }
        while text.last == character { text.removeLast() }
        return text
    }
}
