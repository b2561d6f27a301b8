/// Values that say nothing, for what must have one (action D).
enum DummyValue {
    /// What stands in place of a text.
    static let text = "REMOVED"

    /// A valid value of a text representation; `nil` for what is no text.
    static func text(of representation: String) -> String? {
        switch representation {
        case "LO", "LT", "SH", "ST", "UC", "UT", "PN", "AE", "CS": text
        case "DA": "19000101"
        case "DT": "19000101000000"
        case "TM": "000000"
        case "AS": "000Y"
        case "DS", "IS": "0"
        case "UR": "urn:removed"
        default: nil
        }
    }

    /// Representations in which a person may have typed anything.
    static let typed: Set<String> = ["LO", "LT", "PN", "SH", "ST", "UC", "UT", "UR", "AE"]
}
