/// Names of people as HL7 writes them (2.5.1, 2.A.88, data type XPN) and as DICOM does (PS3.5, 6.2.1.1, PN).
enum PersonName {
    /// `FAMILY^GIVEN^MIDDLE^PREFIX^SUFFIX`; where a name is given in ideographic and phonetic characters, too, they follow behind `=`.
    /// - Parameter field: PID-5 with its repetitions, of which the legal name is taken, or else the first.
    static func dicom(_ field: HL7Value?) -> String? {
        let names = (field?.repetitions ?? []).filter { !$0.isEmpty && !$0.isNull }
        func representation(_ name: HL7Value) -> String { name.component(8)?.leaf?.uppercased() ?? "A" }
        func best(_ names: [HL7Value]) -> HL7Value? { names.first { $0.component(7)?.leaf?.uppercased() == "L" } ?? names.first }
        let alphabetic = names.filter { !["I", "P"].contains(representation($0)) }
        var groups = [best(alphabetic), best(names.filter { representation($0) == "I" }), best(names.filter { representation($0) == "P" })]
            .map { $0.map(components) ?? "" }
        while groups.last == "" { groups.removeLast() }
        return groups.isEmpty ? nil : groups.joined(separator: "=")
    }

    private static func components(_ name: HL7Value) -> String {
        func part(_ number: Int) -> String {
            guard let component = name.component(number) else { return "" }
            // The family name has subcomponents, of which the first is all of it.
            return plain((number == 1 ? component.subcomponent(1)?.text : component.text) ?? "")
        }
        let suffix = [part(4), part(6)].filter { !$0.isEmpty }.joined(separator: " ")
        var parts = [part(1), part(2), part(3), part(5), suffix]
        while parts.last == "" { parts.removeLast() }
        return parts.joined(separator: "^")
    }

    /// Without characters that part a name in DICOM.
    static func plain(_ text: String) -> String {
        let scalars = text.unicodeScalars.map { scalar in
            "^=\\".unicodeScalars.contains(scalar) || scalar.properties.generalCategory == .control ? " " : Character(scalar)
        }
        return String(scalars).trimmed
    }

    /// The repetitions of PID-5.
    static func repetitions(dicom name: String) -> [HL7FieldText.Repetition] {
        let groups = name.split(separator: "=", maxSplits: 2, omittingEmptySubsequences: false)
        return groups.enumerated().compactMap { number, group in
            let parts = group.split(separator: "^", omittingEmptySubsequences: false).map(String.init)
            guard parts.contains(where: { !$0.isEmpty }) else { return nil }
            func part(_ place: Int) -> String { place < parts.count ? parts[place].trimmed : "" }
            let representation = groups.count > 1 ? ["A", "I", "P"][min(number, 2)] : ""
            return [part(0), part(1), part(2), part(4), part(3), "", "L", representation].map { [$0] }
        }
    }
}
