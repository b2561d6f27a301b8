import Foundation
import Geometry
import Results
import Terminology

/// Compares a message with the result that it was made from, before it is sent.
public struct ORUProof: Sendable {
    private let site: HL7Site
    private let terminology: Terminology

    /// Half of the last decimal that is written.
    private static let tolerance = (box: 0.000_51, score: 0.000_000_51, probability: 0.000_000_51)

    public init(site: HL7Site = HL7Site(), terminology: Terminology = .standard) { (self.site, self.terminology) = (site, terminology) }

    /// - Parameter message: The bytes that are to be sent.
    /// - Throws: `HL7Error` of code `mismatch`, which says what differs; others where the message cannot be read.
    public func check(_ message: [UInt8], against result: StudyResult, destination: String) throws {
        var reading = HL7Reading()
        // Where the message does not name its set the receiver takes the site's.
        reading.fallback = site.characterSet
        let told = try ORUReader(site: site, terminology: terminology).result(in: HL7Message(message, reading))
        func expect(_ isSame: Bool, _ what: String) throws {
            if !isSame { throw HL7Error(.mismatch, "\(what) is not that of the result") }
        }
        try expect(told.controlID == ORUWriter.controlID(of: result, destination: destination), "the control id")
        try expect(told.identifier == result.identifier, "the identifier")
        try expect(told.status == result.status, "the status")
        try expect(told.issued.map { abs($0.timeIntervalSince(result.issued)) < 1 } ?? false, "the time of reading")
        try expect(told.studyUID == result.study.uid, "the Study Instance UID")
        try expect(told.accessionNumber == result.study.accessionNumber?.trimmed.orNil, "the accession number")
        try expect(told.isUrgent == result.isUrgent, "the urgency")
        try expect(told.notice == StudyResult.notice, "the notice")
        try expect(told.images == result.images.map(\.sopInstanceUID), "the list of images")
        try expect(told.model == result.reader.model, "the model")
        try expect(told.person == result.reader.person?.trimmed.orNil, "the reader")
        if let order = result.order { try expect(told.placerNumber == order.placerNumber?.trimmed.orNil, "the placer number") }
        try checkPatient(told.patient, result.patient, expect)
        if site.results.link { try expect(told.link == result.link, "the link") }
        if site.results.report != .none {
            try expect(ReportText.lines(told.text) == ReportText.lines(result.text), "the report")
        }
        guard site.results.findings else { return }
        let ratios = result.images.enumerated().compactMap { number, image in image.ratio.map { ("I\(number + 1)", $0) } }
        try expect(told.ratios.count == ratios.count, "the number of cardiothoracic ratios")
        for (group, ratio) in ratios { try expect(told.ratios[group].map(ratio.isNear) ?? false, "a cardiothoracic ratio") }
        let isNegative = result.findings.isEmpty && result.images.contains { $0.wasRead && $0.doubt == nil }
        try expect(told.isNegative == isNegative, "what is said where nothing was found")
        try expect(told.findings.count == result.findings.count, "the number of findings")
        for (number, (own, other)) in zip(result.findings, told.findings).enumerated() {
            try check(own, other, status: result.status, ids: result.findings.map(\.id)) {
                try expect($0, "\($1) of finding \(number + 1)")
            }
        }
    }

    private func checkPatient(_ told: PatientIdentity, _ own: PatientIdentity, _ expect: (Bool, String) throws -> Void) throws {
        try expect(told.id == own.id?.trimmed.orNil ?? site.patients.withoutID?.trimmed, "the patient's id")
        try expect(told.issuer == own.issuer?.trimmed.orNil ?? site.patients.defaultIssuer, "the issuer of the patient's id")
        try expect(told.birthDate == own.birthDate.flatMap { HL7Time.day(ofISO: $0) == nil ? nil : $0 }, "the patient's birth date")
        let sex = own.sex.flatMap { ["F", "M", "O"].contains($0.uppercased()) ? $0.uppercased() : nil }
        try expect(told.sex == sex, "the patient's sex")
        try expect(PersonNameKey(told.name) == PersonNameKey(own.name), "the patient's name")
    }

    private func check(
        _ own: ResultFinding, _ told: ReportedFinding, status: StudyResult.Status, ids: [String], _ expect: (Bool, String) throws -> Void
    ) throws {
        try expect(told.label == own.label, "the label")
        let code = terminology.finding(own.label).preferred
        try expect(told.code.value == code.value && told.code.scheme == code.scheme, "the code")
        try expect(told.id == own.id, "the id")
        try expect(told.image == own.image, "the image")
        try expect(told.status == status, "the status")
        try expect(told.decision == own.decision, "the decision")
        try expect(told.alternativeTo == own.alternativeTo.flatMap { ids.contains($0) ? $0 : nil }, "the surer finding")
        let site = own.place.flatMap { terminology.site(zone: $0.zone?.rawValue, side: $0.side?.rawValue) }
        try expect(told.site?.value == site?.value, "the site")
        let side = own.place?.side.flatMap { terminology.laterality(side: $0.rawValue) }
        try expect(told.laterality?.value == side?.value, "the side")
        guard let box = told.box else { return try expect(false, "the box") }
        let isNear = zip([box.x, box.y, box.width, box.height], [own.box.x, own.box.y, own.box.width, own.box.height]).allSatisfy {
            abs($0 - $1) < Self.tolerance.box
        }
        try expect(isNear, "the box")
        try expect(Self.isNear(told.score, own.score, Self.tolerance.score), "the score")
        try expect(Self.isNear(told.probability, own.probability, Self.tolerance.probability), "the probability")
    }

    private static func isNear(_ told: Double?, _ own: Double?, _ tolerance: Double) -> Bool {
        switch (told, own) {
        case (nil, nil): true
        case (let told?, let own?): abs(told - own) < tolerance
        default: false
        }
    }
}

extension String {
    var orNil: String? { isEmpty ? nil : self }
}

/// A name of DICOM without what is empty at the end of its groups, by which names are compared.
private struct PersonNameKey: Equatable {
    let groups: [[String]]

    init(_ name: String?) {
        var groups = (name ?? "").split(separator: "=", maxSplits: 2, omittingEmptySubsequences: false).map { group in
            var parts = group.split(separator: "^", omittingEmptySubsequences: false).prefix(5).map { PersonName.plain(String($0)) }
            while parts.last == "" { parts.removeLast() }
            return Array(parts)
        }
        while groups.last == [] { groups.removeLast() }
        self.groups = groups
    }
}
