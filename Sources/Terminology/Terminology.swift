import Foundation

/// What findings, sites, sides, units and procedures are called in the code systems of other systems.
public struct Terminology: Sendable {
    /// The table inside the program.
    public static let standard = Terminology(TerminologyTable.standard ?? TerminologyTable())

    /// In the table's order.
    public private(set) var findings: [FindingConcept]
    public private(set) var schemes: [CodingScheme]
    let sites: [TerminologyTable.Site]
    let lateralities: [TerminologyTable.Named]
    let concepts: [TerminologyTable.Named]
    private let byLabel: [String: Int]
    private let byCode: [ConceptKey: Int]
    private let bySite: [[String?]: Int]
    private let byName: [String: [CodedEntry]]

    private struct ConceptKey: Hashable {
        var value: String
        var scheme: String
    }

    init(_ table: TerminologyTable) {
        schemes = table.schemes ?? []
        sites = table.sites ?? []
        lateralities = table.lateralities ?? []
        concepts = table.concepts ?? []
        let siteCodes = Dictionary(sites.map { ($0.name, $0.codes.first?.code) }) { first, _ in first }
        findings = (table.findings ?? []).map { finding in
            let entries = finding.codes ?? []
            let own = CodedEntry(.local(finding.label), certainty: .certain, source: "Pleura")
            return FindingConcept(
                label: finding.label, synonyms: finding.synonyms ?? [], entries: entries.isEmpty ? [own] : entries,
                site: finding.site.flatMap { siteCodes[$0] ?? nil })
        }
        var labels: [String: Int] = [:]
        var codes: [ConceptKey: Int] = [:]
        for (place, finding) in findings.enumerated() {
            for label in [finding.label] + finding.synonyms where labels[Self.key(label)] == nil { labels[Self.key(label)] = place }
            for entry in finding.entries where entry.match == .exact {
                let key = ConceptKey(value: entry.code.value, scheme: entry.code.scheme)
                if codes[key] == nil { codes[key] = place }
            }
        }
        (byLabel, byCode) = (labels, codes)
        bySite = Dictionary(
            sites.enumerated().filter { $1.name == "lungs" || $1.zone != nil || $1.side != nil }.map { ([$1.zone, $1.side], $0) }
        ) {
            first, _ in first
        }
        byName = Dictionary((lateralities.map { ("laterality " + $0.name, $0.codes) } + concepts.map { ($0.name, $0.codes) })) { first, _ in
            first
        }
    }

    /// What a label or one of its synonyms means, whatever its case and whether its words are parted by spaces, hyphens or underscores.
    ///
    /// Never fails: an unknown label has one code of scheme 99PLEURA, made of the label.
    public func finding(_ label: String) -> FindingConcept {
        if let place = byLabel[Self.key(label)] { return findings[place] }
        let entry = CodedEntry(.local(label), certainty: .certain, source: "Pleura")
        return FindingConcept(label: label, entries: [entry], site: site(zone: nil, side: nil), isKnown: false)
    }

    /// The label that a code stands for, where the code means just that.
    public func label(of code: ConceptCode) -> String? {
        byCode[ConceptKey(value: code.value, scheme: code.scheme)].map { findings[$0].label }
    }

    /// The preferred code of a part of the lungs.
    /// - Parameters:
    ///   - zone: `upper`, `middle`, `lower`; `nil` for all of them.
    ///   - side: The patient's: `left`, `right`, `both`; `nil` where it is not known. A zone's code does not tell the side: `laterality`.
    public func site(zone: String?, side: String?) -> ConceptCode? { siteCodes(zone: zone, side: side).first }

    /// Each code of a part of the lungs, the preferred one first. The later ones may tell zone and side in one.
    public func siteCodes(zone: String?, side: String?) -> [ConceptCode] {
        (bySite[[zone, side]] ?? bySite[[zone, nil]]).map { sites[$0].codes.map(\.code) } ?? []
    }

    /// - Parameter side: `left`, `right`, `both`.
    public func laterality(side: String) -> ConceptCode? { byName["laterality " + side]?.first?.code }

    /// The preferred code of a concept.
    public func code(_ name: ConceptName) -> ConceptCode { codes(name).first ?? .local(name.rawValue) }

    /// Each code of a concept, the preferred one first.
    public func codes(_ name: ConceptName) -> [ConceptCode] { byName[name.rawValue]?.map(\.code) ?? [] }

    /// The procedure that Pleura reads.
    public var procedure: ConceptCode { code(.chestRadiograph) }
    /// The unit of a score.
    public var percent: ConceptCode { code(.percent) }
    /// The kind of observer that a model is.
    public var device: ConceptCode { code(.device) }
    /// How the images were made.
    public var method: ConceptCode { code(.plainRadiography) }

    public func scheme(_ designator: String) -> CodingScheme? { schemes.first { $0.designator == designator } }

    /// By the `system` of a FHIR Coding.
    public func scheme(uri: String) -> CodingScheme? { schemes.first { $0.uri == uri } }

    /// What labels are compared by.
    static func key(_ label: String) -> String {
        label.lowercased().split { $0 == " " || $0 == "_" || $0 == "-" }.joined(separator: " ")
    }
}
