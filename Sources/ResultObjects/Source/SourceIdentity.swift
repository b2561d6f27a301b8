import DICOM
import Foundation
import Results

/// Patient and study as all objects of a result say them: the image's header's, or else what the result knows.
struct SourceIdentity {
    let characters: SourceCharacters
    /// Patient and General Study modules: type 2, there even without a value.
    private(set) var required: [(Tag, SourceText?)] = []
    /// Only where there is a value.
    private(set) var optional: [(Tag, SourceText)] = []
    private(set) var institution: SourceText?
    /// Timezone Offset From UTC (0008,0201) of the image.
    let zoneOffset: String?

    /// - Parameter header: The first image's; `nil` where no image has one.
    init(_ result: StudyResult, header: DICOMItem?, fallback: String) {
        var reader = HeaderTexts(header, fallback: fallback)
        let patient = result.patient
        let identifier: TextRule = { ConformantText.identifier($0) }
        let short: TextRule = { ConformantText.identifier($0, limit: 16) }
        let words: TextRule = { ConformantText.words($0) }
        let name: TextRule = { ConformantText.personName($0) }
        let date: TextRule = { ConformantText.date($0) }
        let sex: TextRule = { ["F", "M", "O"].contains($0.uppercased()) ? $0.uppercased() : nil }
        let table: [TextRow] = [
            TextRow(.patientName, patient.name, name), TextRow(.patientID, patient.id, identifier),
            TextRow(.patientBirthDate, patient.birthDate, date), TextRow(.patientSex, patient.sex, sex),
            TextRow(.studyDate, result.study.date, date), TextRow(.studyTime, nil) { ConformantText.time($0) },
            TextRow(.referringPhysicianName, nil, name), TextRow(.studyID, nil, short),
            TextRow(.accessionNumber, result.study.accessionNumber, short),
        ]
        let extra: [TextRow] = [
            TextRow(.issuerOfPatientID, patient.issuer, identifier), TextRow(.studyDescription, result.study.description, words),
            TextRow(.patientAge, nil) { ConformantText.age($0) },
        ]
        let institutionRow = TextRow(.institutionName, nil, words)
        // Either all texts become UTF-8 or none does: an object has one set.
        reader.decide((table + extra + [institutionRow]).map(\.tag))
        characters = reader.characters
        required = table.map { ($0.tag, reader.value($0)) }
        optional = extra.compactMap { row in reader.value(row).map { (row.tag, $0) } }
        institution = reader.value(institutionRow)
        zoneOffset = header?.text(.timezoneOffsetFromUTC).flatMap {
            $0.wholeMatch(of: #/[+\-](0[0-9]|1[0-4])[0-5][0-9]/#) == nil ? nil : $0
        }
    }

    /// A value as people read it; `nil` where there is none, or none in UTF-8.
    func text(_ tag: Tag) -> String? {
        guard case .text(let text)? = required.first(where: { $0.0 == tag })?.1 ?? optional.first(where: { $0.0 == tag })?.1 else {
            return nil
        }
        return text
    }

    func describe(_ dataset: DICOMWriter.Item) {
        for (tag, value) in required { SourceText.set(dataset, tag, value) }
        for (tag, value) in optional { SourceText.set(dataset, tag, value) }
    }
}

/// What fits its value representation; `nil` where it cannot be made to.
private typealias TextRule = (String) -> String?

/// An element that is copied.
private struct TextRow {
    let tag: Tag
    /// What the result knows, where the header says nothing that can be used.
    let known: String?
    let rule: TextRule

    init(_ tag: Tag, _ known: String?, _ rule: @escaping TextRule) { (self.tag, self.known, self.rule) = (tag, known, rule) }
}

/// Texts of an image's header, converted or not.
private struct HeaderTexts {
    private let header: DICOMItem?
    private let names: String
    private let fallback: String
    private(set) var characters = SourceCharacters.unicode

    init(_ header: DICOMItem?, fallback: String) {
        (self.header, self.fallback) = (header, fallback)
        let said = header?.rawText(.specificCharacterSet).map { String(decoding: $0, as: UTF8.self) }
        names = SourceCharacters.proper(said, fallback: fallback)
    }

    /// The image's set is only kept where it is one of several bytes a character: of those with one byte every text can be read as some.
    mutating func decide(_ tags: [Tag]) {
        guard SourceCharacters.isExtension(names) || names.contains("IR 13") || names.hasPrefix("GB") else { return }
        let isWhole = tags.allSatisfy { tag in
            guard let raw = header?.rawText(tag), raw.contains(where: { $0 > 0x7E || $0 == 0x1B }) else { return true }
            return converted(raw, tag) != nil
        }
        if !isWhole { characters = .asSource(names) }
    }

    func value(_ row: TextRow) -> SourceText? {
        let (tag, rule) = (row.tag, row.rule)
        if let raw = header?.rawText(tag) {
            let isPlain = raw.allSatisfy { (0x20...0x7E).contains($0) }
            if case .asSource = characters, !isPlain {
                // A longer one cannot be cut without knowing where its characters end.
                if raw.count <= 64, !raw.contains(where: { $0 < 0x20 && $0 != 0x1B }) { return .bytes(raw) }
            } else if let text = text(raw, tag).flatMap(rule) {
                return .text(text)
            }
        }
        guard let known = row.known.flatMap(rule) else { return nil }
        return .text(characters == .unicode ? known : ConformantText.ascii(known))
    }

    private func text(_ raw: [UInt8], _ tag: Tag) -> String? {
        let isSaid = !names.isEmpty
        if isSaid, let text = converted(raw, tag) { return text }
        // No set is named, or the text is none of it. UTF-8 shows itself.
        if let text = String(validating: raw, as: UTF8.self), !text.unicodeScalars.contains("\u{1B}") { return text }
        return CharacterSetConversion.text(raw, names: fallback, isPersonName: tag.representation == .pn)
    }

    private func converted(_ raw: [UInt8], _ tag: Tag) -> String? {
        let text = CharacterSetConversion.text(raw, names: names, isPersonName: tag.representation == .pn)
        return text?.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{FFFD}" } == true ? nil : text
    }
}
