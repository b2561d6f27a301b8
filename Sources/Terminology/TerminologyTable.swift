import Foundation

/// The file: what is inside the program, and what a site lays over it.
struct TerminologyTable: Codable {
    struct Finding: Codable {
        var label: String
        var synonyms: [String]?
        /// In the order of preference.
        var codes: [CodedEntry]?
        /// Names one of `sites`.
        var site: String?
    }

    struct Site: Codable {
        var name: String
        var zone: String?
        var side: String?
        var codes: [CodedEntry]
    }

    struct Named: Codable {
        var name: String
        var codes: [CodedEntry]
    }

    var version: Int?
    var note: String?
    var schemes: [CodingScheme]?
    var findings: [Finding]?
    var sites: [Site]?
    var lateralities: [Named]?
    var concepts: [Named]?

    /// The keys that an entry of each list has; those of the file itself are under "".
    static let keys: [String: [String]] = [
        "": ["version", "note", "schemes", "findings", "sites", "lateralities", "concepts"],
        "schemes": ["designator", "name", "uid", "uri"],
        "findings": ["label", "synonyms", "codes", "site"],
        "sites": ["name", "zone", "side", "codes"],
        "lateralities": ["name", "codes"],
        "concepts": ["name", "codes"],
        "codes": ["value", "scheme", "meaning", "certainty", "source", "match", "note"],
    ]

    /// Inside the program.
    static let standard = (try? JSONDecoder().decode(TerminologyTable.self, from: Data(PackageResources.terminology_json)))
}
