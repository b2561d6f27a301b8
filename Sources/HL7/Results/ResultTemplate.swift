import Basics
import Results

/// Values in braces in a site's texts for fields, such as `{accession}`.
enum ResultTemplate {
    private static let values: [(name: String, value: @Sendable (StudyResult) -> String?)] = [
        ("accession", { $0.study.accessionNumber }), ("birth_date", { $0.patient.birthDate.flatMap(HL7Time.day(ofISO:)) }),
        ("description", { $0.study.description }), ("filler", { $0.order?.fillerNumber }), ("identifier", { $0.identifier }),
        ("issued", { HL7Time.text($0.issued) }), ("issuer", { $0.patient.issuer }), ("language", { $0.language }), ("link", { $0.link }),
        ("modality", { $0.study.modality }), ("model", { $0.reader.model?.name }), ("notice", { _ in StudyResult.notice }),
        ("patient_id", { $0.patient.id }), ("person", { $0.reader.person }), ("placer", { $0.order?.placerNumber }),
        ("procedure", { $0.order?.procedureCode }), ("status", { $0.status.letter }), ("study_uid", { $0.study.uid }),
        ("urgency", { $0.isUrgent ? "S" : "R" }), ("version", { $0.reader.model?.version }), ("visit", { $0.order?.visitNumber }),
    ]

    /// - Throws: `HL7Error` of code `badSite` where a name in braces is not known.
    static func check(_ template: String, of key: String) throws {
        for case .name(let name) in parts(template) where !values.contains(where: { $0.name == name }) {
            let names = values.map(\.name)
            let near = name.nearest(among: names).map { "; did you mean {\($0)}?" } ?? "; known are \(names.joined(separator: ", "))"
            throw HL7Error(.badSite, "\(key): there is no value {\(name.prefix(40))}\(near)")
        }
    }

    static func text(_ template: String, _ result: StudyResult) -> String {
        parts(template).map { part in
            switch part {
            case .text(let text): String(text)
            case .name(let name): values.first { $0.name == name }?.value(result) ?? ""
            }
        }.joined()
    }

    private enum Part {
        case text(Substring)
        case name(String)
    }

    private static func parts(_ template: String) -> [Part] {
        var (parts, rest): ([Part], Substring) = ([], template[...])
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            if open > rest.startIndex { parts.append(.text(rest[..<open])) }
            parts.append(.name(String(rest[rest.index(after: open)..<close])))
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { parts.append(.text(rest)) }
        return parts
    }
}

extension StudyResult.Status {
    /// HL7 tables 0085 and 0123: preliminary, final, corrected.
    var letter: String {
        switch self {
        case .preliminary: "P"
        case .final: "F"
        case .amended: "C"
        }
    }

    init?(letter: String) {
        guard let status = Self.allCases.first(where: { $0.letter == letter }) else { return nil }
        self = status
    }
}
