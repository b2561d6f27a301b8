import Foundation
import Geometry
import Results
import Terminology

/// Writes results as ORU^R01 (HL7 2.5.1, 7.3.1; also 2.3.1 and 2.4), with an OBX for each value of a finding.
///
/// The same result makes the same message, so whoever gets it twice knows it by its control id.
public struct ORUWriter: Sendable {
    private let site: HL7Site
    private let codes: ObservationCodes

    public init(site: HL7Site = HL7Site(), terminology: Terminology = .standard) {
        self.site = site
        codes = ObservationCodes(terminology: terminology)
    }

    /// MSH-10 of a result for a destination: twenty letters and digits.
    public static func controlID(of result: StudyResult, destination: String) -> String {
        ControlID.make(["ORU", result.identifier, result.status.rawValue, destination])
    }

    /// The message, in the site's character set.
    /// - Parameter destination: The name of the destination, which has control ids of its own.
    /// - Throws: `HL7Error`: `missing` where the patient has no id and the site's file says none; `badCharacters` where a text does not
    ///   fit into the site's character set; `badValue` for a box or score that is no number.
    public func message(for result: StudyResult, destination: String) throws -> [UInt8] {
        var segments = [header(result, destination), try patient(result)]
        if let visit = result.order?.visitNumber {
            var pv1 = HL7SegmentText("PV1")
            pv1[1] = "1"
            // Unknown: the images do not say it.
            pv1[2] = "U"
            pv1[19] = HL7FieldText(visit)
            segments.append(pv1)
        }
        segments += [order(result), request(result)]
        if result.isUrgent, site.version.isSince25 {
            var timing = HL7SegmentText("TQ1")
            timing[1] = "1"
            timing[9] = .components("S", "Stat", "HL70485")
            segments.append(timing)
        }
        segments += try observations(result)
        var message = HL7MessageText(segments, characterSet: site.characterSet)
        override(&message, result)
        return try message.bytes()
    }

    // MARK: Segments

    private func header(_ result: StudyResult, _ destination: String) -> HL7SegmentText {
        var msh = HL7SegmentText("MSH")
        msh[3] = HL7FieldText(site.sendingApplication)
        msh[4] = HL7FieldText(site.sendingFacility)
        msh[5] = HL7FieldText(site.receivingApplication)
        msh[6] = HL7FieldText(site.receivingFacility)
        msh[7] = HL7FieldText(HL7Time.text(result.issued))
        msh[9] = .components("ORU", "R01", "ORU_R01")
        msh[10] = HL7FieldText(Self.controlID(of: result, destination: destination))
        msh[11] = HL7FieldText(site.processingID)
        msh[12] = HL7FieldText(site.version.rawValue)
        msh[15] = HL7FieldText(site.acceptAcknowledgement?.rawValue)
        msh[16] = HL7FieldText(site.applicationAcknowledgement?.rawValue)
        msh[18] = HL7FieldText(site.characterSet.name)
        msh[19] = HL7FieldText(result.language)
        return msh
    }

    private func patient(_ result: StudyResult) throws -> HL7SegmentText {
        let patient = result.patient
        guard let id = patient.id.flatMap({ $0.isEmpty ? nil : $0 }) ?? site.patients.withoutID else {
            throw HL7Error(
                .missing, "the patient has no id, which HL7 wants; patients.without_id in the site's file names one",
                at: HL7Location(segment: "PID", field: 3))
        }
        var pid = HL7SegmentText("PID")
        pid[1] = "1"
        pid[3] = .components(id, nil, nil, patient.issuer ?? site.patients.defaultIssuer, site.patients.types.first)
        let names = patient.name.map(PersonName.repetitions(dicom:)) ?? []
        // A name that is not known is told by its type, unspecified (table 0200).
        pid[5] = names.isEmpty ? .components(nil, nil, nil, nil, nil, nil, "U") : HL7FieldText(repetitions: names)
        pid[7] = HL7FieldText(patient.birthDate.flatMap(HL7Time.day(ofISO:)))
        pid[8] = HL7FieldText(patient.sex?.uppercased())
        return pid
    }

    private func order(_ result: StudyResult) -> HL7SegmentText {
        var orc = HL7SegmentText("ORC")
        orc[1] = "RE"
        orc[2] = HL7FieldText(result.order?.placerNumber)
        orc[3] = HL7FieldText(result.order?.fillerNumber ?? result.study.accessionNumber)
        // In process until a person has signed; table 0038.
        orc[5] = result.isSigned ? "CM" : "IP"
        return orc
    }

    private func request(_ result: StudyResult) -> HL7SegmentText {
        let (order, study) = (result.order, result.study)
        var obr = HL7SegmentText("OBR")
        obr[1] = "1"
        obr[2] = HL7FieldText(order?.placerNumber)
        obr[3] = HL7FieldText(order?.fillerNumber ?? study.accessionNumber)
        if order?.procedureCode != nil || order?.procedureText != nil {
            obr[4] = .components(order?.procedureCode, order?.procedureText, order?.procedureScheme)
        } else {
            let code = codes.terminology.procedure
            obr[4] = .components(code.value, code.meaning, code.scheme, nil, study.description)
        }
        if result.isUrgent { obr[5] = "S" }
        obr[7] = HL7FieldText(study.date.flatMap(HL7Time.day(ofISO:)))
        obr[18] = HL7FieldText(study.accessionNumber)
        obr[22] = HL7FieldText(HL7Time.text(result.issued))
        obr[24] = "RAD"
        obr[25] = HL7FieldText(result.status.letter)
        if result.isUrgent, !site.version.isSince25 { obr[27] = .components(nil, nil, nil, nil, nil, "S") }
        if let indication = order?.indication { obr[31] = .components(nil, indication) }
        obr[32] = HL7FieldText(result.reader.person)
        return obr
    }

    private func observations(_ result: StudyResult) throws -> [HL7SegmentText] {
        var list = ObservationList(version: site.version, status: result.status.letter, date: result.issued)
        // Identification only, no result: table 0085, O.
        list.add("HD", codes.study, .components(nil, result.study.uid, "ISO"), status: "O")
        list.add("ST", codes.result, HL7FieldText(result.identifier), status: "O")
        if let model = result.reader.model {
            list.add("ST", codes.algorithm, HL7FieldText(model.name), status: "O")
            list.add("ST", codes.algorithmVersion, HL7FieldText(model.version), status: "O")
            list.add("ST", codes.digest, HL7FieldText(model.digest), status: "O")
        }
        list.add("TX", codes.notice, HL7FieldText(StudyResult.notice))
        for (number, image) in result.images.enumerated() {
            let group = "I\(number + 1)"
            list.add("HD", codes.image, .components(nil, image.sopInstanceUID, "ISO"), group: group, status: "O")
            if let doubt = image.doubt { list.add("TX", codes.doubt, HL7FieldText(doubt), group: group) }
            for remark in image.remarks { list.add("TX", codes.remark, HL7FieldText(remark), group: group) }
            if site.results.findings, let ratio = image.ratio { try add(ratio, group: group, to: &list) }
        }
        if site.results.findings { try add(findings: result, to: &list) }
        report(result, &list)
        if site.results.link, let link = result.link {
            list.add("RP", codes.link, .components(link, site.sendingApplication, "TEXT", "HTML"), status: "O")
        }
        return list.segments
    }

    private func add(_ ratio: ResultRatio, group: String, to list: inout ObservationList) throws {
        let unit = codes.terminology.code(.noUnits)
        try list.add(number: ratio.value, places: 4, for: codes.ratio, units: unit, group: group)
        try list.add(number: ratio.error, places: 4, for: codes.ratioError, units: unit, group: group)
        for (code, line) in [(codes.heartLine, ratio.heart), (codes.thoraxLine, ratio.thorax)] {
            let ends = try [line.left, line.right, line.y].map { [try ObservationList.decimal($0, 3)] }
            list.add("NA", code, HL7FieldText(repetitions: [ends]), group: group, units: codes.terminology.code(.pixels))
        }
    }

    private func add(findings result: StudyResult, to list: inout ObservationList) throws {
        let terminology = codes.terminology
        let groups = Dictionary(result.findings.enumerated().map { ($1.id, String($0 + 1)) }) { first, _ in first }
        for (number, finding) in result.findings.enumerated() {
            let group = String(number + 1)
            list.add(
                code: terminology.finding(finding.label).preferred, for: codes.finding, label: finding.label, group: group,
                flag: result.isUrgent ? "AA" : "A")
            list.add("ST", codes.identifier, HL7FieldText(finding.id), group: group)
            if let place = finding.place {
                if let site = terminology.site(zone: place.zone?.rawValue, side: place.side?.rawValue) {
                    list.add(code: site, for: codes.site, group: group)
                }
                if let side = place.side.flatMap({ terminology.laterality(side: $0.rawValue) }) {
                    list.add(code: side, for: codes.laterality, group: group)
                }
            }
            let box = finding.box
            let edges = try [box.x, box.y, box.width, box.height].map { [try ObservationList.decimal($0, 3)] }
            list.add("NA", codes.box, HL7FieldText(repetitions: [edges]), group: group, units: terminology.code(.pixels))
            list.add("HD", codes.image, .components(nil, finding.image, "ISO"), group: group)
            if let score = finding.score {
                try list.add(number: score, places: 6, for: codes.score, units: terminology.code(.noUnits), group: group)
            }
            if let probability = finding.probability {
                try list.add(number: probability * 100, places: 4, for: codes.probability, units: terminology.percent, group: group)
            }
            if let other = finding.alternativeTo.flatMap({ groups[$0] }) {
                list.add("ST", codes.alternative, HL7FieldText(other), group: group)
            }
            if let decision = finding.decision {
                list.add(code: ObservationCodes.decision(decision.rawValue), for: codes.decision, group: group)
            }
        }
        guard result.findings.isEmpty else { return }
        if result.images.contains(where: { $0.wasRead && $0.doubt == nil }) {
            list.add(code: codes.noAbnormality, for: codes.finding, flag: "N")
        } else {
            // Nothing can be said: table 0085, X.
            list.add(site.version.isSince25 ? "CWE" : "CE", codes.finding, HL7FieldText(), status: "X")
        }
    }

    private func report(_ result: StudyResult, _ list: inout ObservationList) {
        let lines = ReportText.lines(result.text)
        guard !lines.isEmpty else { return }
        // A line without a letter is written as a blank: an empty value would say that there is none.
        let written = lines.map { $0.isEmpty ? " " : $0 }
        switch site.results.report {
        case .lines:
            for (number, line) in written.enumerated() { list.add("TX", codes.report, HL7FieldText(line), group: "L\(number + 1)") }
        case .repetitions: list.add("TX", codes.report, HL7FieldText(repetitions: written.map { [[$0]] }))
        case .formatted: list.add("FT", codes.report, HL7FieldText(lines.joined(separator: "\n")))
        case .none: break
        }
    }

    /// What the site's file lays over the message.
    private func override(_ message: inout HL7MessageText, _ result: StudyResult) {
        for (path, template) in site.results.set {
            let text = ResultTemplate.text(template, result)
            message.change(path.segment, occurrence: path.occurrence) { segment in
                segment[path.field].set(text, repetition: path.repetition, component: path.component, subcomponent: path.subcomponent)
            }
        }
        for place in site.results.remove {
            guard let path = try? HL7Path(place) else {
                message.segments.removeAll { $0.name == place }
                continue
            }
            for index in message.segments.indices where message.segments[index].name == path.segment {
                if path.component == nil {
                    message.segments[index][path.field] = HL7FieldText()
                } else {
                    message.segments[index][path.field].set(
                        "", repetition: path.repetition, component: path.component, subcomponent: path.subcomponent)
                }
            }
        }
    }
}

/// A report's text as lines.
enum ReportText {
    /// Without blanks at their ends, and without empty lines at the end of the text.
    static func lines(_ text: String) -> [String] {
        var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map { line in
            String(line.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }
}
