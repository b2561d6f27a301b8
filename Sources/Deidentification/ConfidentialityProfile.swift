import Foundation

/// What becomes of each attribute: Tables E.1-1 and E.3.4-1 of PS3.15, edition 2026d, whole but for the row of private attributes, which
/// are
/// all removed. The tables lie inside the program.
struct ConfidentialityProfile: Sendable {
    static let edition = "2026d"

    /// What is done to one element.
    enum Action: Hashable, Sendable {
        /// X.
        case remove
        /// Z: left without value.
        case empty
        /// D: a value that says nothing.
        case dummy
        /// U: another UID, the same for the same one.
        case mapUID
        /// K.
        case keep
        /// C of Retain Longitudinal Temporal Information with Modified Dates.
        case shift
        /// C of Clean Descriptors.
        case cleanText
        /// C of Clean Structured Content.
        case cleanContent
        /// Not in the table.
        case unlisted
    }

    struct Row: Sendable {
        var basic: String
        var options: [String: String]
    }

    /// By tag.
    let rows: [UInt32: Row]
    /// By scheme and code.
    let contentItems: [String: Row]

    static let standard = ConfidentialityProfile(
        attributes: String(decoding: PackageResources.confidentiality_profile_csv, as: UTF8.self),
        contentItems: String(decoding: PackageResources.content_items_csv, as: UTF8.self))

    init(attributes: String, contentItems: String) {
        var rows: [UInt32: Row] = [:]
        for fields in Self.lines(attributes) where fields.count >= 3 {
            guard let tag = UInt32(fields[0], radix: 16) else { continue }
            rows[tag] = Row(basic: fields[1], options: Self.options(fields[2]))
        }
        var items: [String: Row] = [:]
        for fields in Self.lines(contentItems) where fields.count >= 4 {
            items[fields[1] + " " + fields[0]] = Row(basic: fields[2], options: Self.options(fields[3]))
        }
        (self.rows, self.contentItems) = (rows, items)
    }

    private static func lines(_ text: String) -> [[String]] {
        text.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("#") }.map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
    }

    private static func options(_ text: String) -> [String: String] {
        Dictionary(
            text.split(separator: " ").compactMap { part in
                let sides = part.split(separator: "=")
                return sides.count == 2 ? (String(sides[0]), String(sides[1])) : nil
            }, uniquingKeysWith: { first, _ in first })
    }

    func action(_ group: UInt16, _ element: UInt16, _ options: DeidentificationOptions) -> Action {
        // Private elements, curves and overlays, of which one half is worth nothing without the other.
        if group % 2 == 1 || (0x5000...0x501E).contains(group) || (0x6000...0x601E).contains(group) { return .remove }
        guard let row = rows[UInt32(group) << 16 | UInt32(element)] else { return .unlisted }
        return Self.action(row, options)
    }

    func action(contentItem scheme: String, _ code: String, _ options: DeidentificationOptions) -> Action {
        guard let row = contentItems[scheme + " " + code] else { return .unlisted }
        return Self.action(row, options)
    }

    /// Of two options that both speak of an attribute, the one that keeps more is meant (PS3.15 E.1.1).
    private static func action(_ row: Row, _ options: DeidentificationOptions) -> Action {
        let asked: [(name: String, isAsked: Bool)] = [
            ("uids", options.retainsUIDs), ("device", options.retainsDeviceIdentity), ("institution", options.retainsInstitutionIdentity),
            ("patient", options.retainsPatientCharacteristics), ("full-dates", options.dates == .full),
        ]
        if asked.contains(where: { $0.isAsked && row.options[$0.name] == "K" }) { return .keep }
        if options.dates == .modified, row.options["modified-dates"] == "C" { return .shift }
        if options.cleansDescriptors, row.options["descriptors"] == "C" { return .cleanText }
        if options.cleansStructuredContent, row.options["structured"] == "C" { return .cleanContent }
        // What must be there for the object to conform depends on its IOD; of two actions the one that always conforms is taken.
        switch row.basic {
        case "X": return .remove
        case "Z", "X/Z": return .empty
        case "U", "X/Z/U*": return .mapUID
        default: return .dummy
        }
    }
}
