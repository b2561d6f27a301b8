import Basics
import Foundation
import Geometry
import HL7
import Results
import Terminology
import Testing

@Suite struct ResultTests {
    private static let sites = [
        "", "version: 2.3.1\ncharacter_set: 8859/1\nresults: { report: repetitions }", "version: 2.4\nresults: { report: formatted }",
        "version: 2.5\ncharacter_set: 8859/15\nresults: { report: none, link: false }", "results: { findings: false }",
        "accept_acknowledgement: AL\napplication_acknowledgement: NE\nreceiving: { application: RIS, facility: NORTH }",
    ]

    @Test(arguments: sites, StudyResult.Status.allCases) func aResultIsProved(_ yaml: String, _ status: StudyResult.Status) throws {
        let (site, result) = (try HL7Site(yaml: yaml), HL7Samples.result(status))
        let bytes = try ORUWriter(site: site).message(for: result, destination: "ris")
        try ORUProof(site: site).check(bytes, against: result, destination: "ris")
        // The same result makes the same bytes.
        #expect(try ORUWriter(site: site).message(for: result, destination: "ris") == bytes)
        _ = try MLLP.frame(bytes)
    }

    @Test func theCardiothoracicRatioIsAnObservationOfItsImage() throws {
        var result = HL7Samples.result()
        result.images[0].ratio = ResultRatio(
            value: 0.5213, error: 0.0312, heart: .init(left: 101.25, right: 209.5, y: 180.75),
            thorax: .init(left: 51.5, right: 259.25, y: 190))
        result.images[0].remarks = ["The patient is rotated."]
        let bytes = try ORUWriter().message(for: result, destination: "ris")
        try ORUProof().check(bytes, against: result, destination: "ris")
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\r")
        #expect(lines.contains { $0.contains("|NM|CTR^Cardiothoracic ratio of a radiograph^99PLEURA|I1|0.5213|1^no units^UCUM|") })
        #expect(lines.contains { $0.contains("|HEARTLINE^") && $0.contains("|I1|101.25^209.5^180.75|") })
        #expect(lines.contains { $0.hasPrefix("OBX|") && $0.contains("|I1|The patient is rotated.|") })
        result.images[0].ratio?.error += 0.01
        #expect(throws: HL7Error(.mismatch, "")) { try ORUProof().check(bytes, against: result, destination: "ris") }
        result.images[0].ratio = nil
        #expect(throws: HL7Error(.mismatch, "")) { try ORUProof().check(bytes, against: result, destination: "ris") }
        // A site that wants no findings gets no measures.
        let site = try HL7Site(yaml: "results: { findings: false }")
        result.images[0].ratio = ResultRatio(
            value: 0.5213, error: 0.0312, heart: .init(left: 101.25, right: 209.5, y: 180.75),
            thorax: .init(left: 51.5, right: 259.25, y: 190))
        let short = try ORUWriter(site: site).message(for: result, destination: "ris")
        #expect(!String(decoding: short, as: UTF8.self).contains("CTR^"))
    }

    @Test func everyFieldHasItsPlace() throws {
        let message = try HL7Message(ORUWriter().message(for: HL7Samples.result(.amended), destination: "ris"))
        #expect(message.segments.prefix(6).map(\.name) == ["MSH", "PID", "PV1", "ORC", "OBR", "TQ1"])
        #expect(
            message.type == ("ORU", "R01") && message["MSH-9.3"] == "ORU_R01" && message["MSH-12"] == "2.5.1"
                && message["MSH-18"] == "UNICODE UTF-8")
        #expect(
            message.controlID == ORUWriter.controlID(of: HL7Samples.result(.amended), destination: "ris") && message.controlID?.count == 20)
        #expect(
            message["PID-3"] == "4711^^^NORTH^MR" && message["PID-5"] == "M\u{FC}ller^J\u{F6}rg^Karl^Jr^Dr^^L"
                && message["PID-7"] == "19400229" && message["PID-8"] == "M")
        #expect(
            message["PV1-19"] == "V77" && message["ORC-1"] == "RE" && message["ORC-2"] == "P100" && message["ORC-3"] == "F200"
                && message["ORC-5"] == "CM")
        #expect(
            message["OBR-2"] == "P100" && message["OBR-3"] == "F200" && message["OBR-4"] == "36643-5^XR Chest 2 Views^LN"
                && message["OBR-5"] == "S")
        #expect(
            message["OBR-7"] == "20261130" && message["OBR-18"] == "ACC-300" && message["OBR-22"] == "20261130080000+0000"
                && message["OBR-25"] == "C")
        #expect(message["OBR-31.2"] == "cough & fever" && message["OBR-32"] == "dr.berg" && message["TQ1-9.1"] == "S")
        let lines = message.segments("OBX").map { segment in
            (1...11).filter { $0 != 1 && $0 != 7 && $0 != 9 && $0 != 10 }.map { segment.field($0)?.raw ?? "" }.joined(separator: "|")
        }
        for expected in [
            "HD|113014^Study^DCM|0|^1.2.840.1^ISO|||O", "HD|IMAGE^SOP Instance UID of the image^99PLEURA|I1|^1.2.840.1.1^ISO|||O",
            "TX|DOUBT^Why the image says nothing^99PLEURA|I2|It is a lateral view.|||C",
            "CWE|121071^Finding^DCM|1|\(Self.coded("Effusion"))^EFFUSION^Effusion^99PLEURA||AA|C",
            "NA|BOX^Box: left, top, width, height^99PLEURA|1|12.346^30^100.1^80|{pixels}^Pixels^UCUM||C",
            "HD|IMAGE^SOP Instance UID of the image^99PLEURA|1|^1.2.840.1.1^ISO|||C",
            "NM|SCORE^Score of the model^99PLEURA|1|0.912346|1^no units^UCUM||C", "NM|122157^Probability^DCM|1|64.12|%^Percent^UCUM||C",
            "NM|SCORE^Score of the model^99PLEURA|2|0.000012|1^no units^UCUM||C",
            "CWE|DECISION^What the reader did with the finding^99PLEURA|2|RELABELLED^relabelled^99PLEURA|||C",
            "ST|ALTERNATIVE^Another reading of a finding^99PLEURA|2|1|||C",
            "TX|NOTICE^Notice^99PLEURA|0|Research use only. Not for diagnosis.|||C",
            #"TX|11528-7^Radiology Report^LN|L1|Effusion on the left, 95 % \F\ sure.|||C"#, "TX|11528-7^Radiology Report^LN|L2| |||C",
            #"RP|LINK^Page of the study^99PLEURA|0|https://pleura.example/studies/17?a=1\T\b=2^PLEURA^TEXT^HTML|||O"#,
        ] { #expect(lines.contains(expected), "\(expected)\n\(lines.joined(separator: "\n"))") }
        #expect(message.segments("OBX").enumerated().allSatisfy { $1.value(1)?.text == String($0 + 1) })
    }

    private static func coded(_ label: String) -> String {
        let code = Terminology.standard.finding(label).preferred
        return "\(code.value)^\(code.meaning)^\(code.scheme)"
    }

    @Test func controlIDsFollowFromResultAndDestination() {
        let ids = StudyResult.Status.allCases.flatMap { status in
            ["ris", "ris2"].map { ORUWriter.controlID(of: HL7Samples.result(status), destination: $0) }
        }
        #expect(Set(ids).count == 6 && ids.allSatisfy { $0.count == 20 && $0.utf8.allSatisfy { (0x30...0x5A).contains($0) } })
        #expect(ORUWriter.controlID(of: HL7Samples.result(), destination: "ris") == ids[0])
    }

    @Test func nothingFoundIsSaidOnlyOfWhatWasRead() throws {
        var result = HL7Samples.result()
        result.findings = []
        func observation() throws -> HL7Segment? {
            let bytes = try ORUWriter().message(for: result, destination: "ris")
            try ORUProof().check(bytes, against: result, destination: "ris")
            return try HL7Message(bytes).segments("OBX").first { $0.value(3, 1)?.text == "121071" }
        }
        let negative = try observation()
        #expect(
            negative?.value(5)?.text == "281900007^No abnormality detected^SCT" && negative?.value(8)?.text == "N"
                && negative?.value(11)?.text == "P")
        result.images = [result.images[1]]
        let unknown = try observation()
        #expect(unknown?.value(5)?.text == nil && unknown?.value(11)?.text == "X")
    }

    @Test func aPatientWithoutAnID() throws {
        var result = HL7Samples.result()
        result.patient = PatientIdentity()
        result.order = nil
        #expect(throws: HL7Error(.missing, "")) { try ORUWriter().message(for: result, destination: "ris") }
        let site = try HL7Site(yaml: "patients: { without_id: UNKNOWN }")
        let bytes = try ORUWriter(site: site).message(for: result, destination: "ris")
        try ORUProof(site: site).check(bytes, against: result, destination: "ris")
        let message = try HL7Message(bytes)
        #expect(
            message["PID-3"] == "UNKNOWN^^^^MR" && message["PID-5"] == "^^^^^^U" && message["OBR-3"] == "ACC-300"
                && message.segment("PV1") == nil)
        #expect(message["OBR-4"] == "399208008^Plain chest X-ray^SCT^^Chest")
    }

    @Test func whatDoesNotFitIsAnError() throws {
        var result = HL7Samples.result()
        result.text = "\u{5C71}"
        let site = try HL7Site(yaml: "character_set: 8859/1")
        #expect(throws: HL7Error(.badCharacters, "")) { try ORUWriter(site: site).message(for: result, destination: "ris") }
        result.text = ""
        result.findings[0].box.x = .nan
        #expect(throws: HL7Error(.badValue, "")) { try ORUWriter().message(for: result, destination: "ris") }
    }

    /// Each change of a message is found, and told without patient data.
    @Test(arguments: [
        ("|C|||", "|F|||"), ("4711", "4712"), ("J\u{F6}rg", "Georg"), ("19400229", "19400228"), ("NORTH", "SOUTH"), ("ACC-300", "ACC-301"),
        ("1.2.840.1^ISO", "1.2.840.9^ISO"),
        ("1.2.840.1.1^ISO", "1.2.840.1.2^ISO"), ("12.346", "12.350"), ("0.912346", "0.912347"), ("64.12|", "64.13|"),
        ("^Effusion^", "^Edema^"), ("RELABELLED", "MOVED"),
        ("|2|1|", "|2|3|"), ("sure.", "sure"), ("nih8-fast", "other"), ("a=1", "a=2"), ("Research use only", "For all uses"),
        ("dr.berg", "dr.tal"), ("|f2|", "|f4|"),
        ("P100", "P101"),
    ]) func aChangedMessageIsNotSent(_ text: String, _ other: String) throws {
        let result = HL7Samples.result(.amended)
        let message = String(decoding: try ORUWriter().message(for: result, destination: "ris"), as: UTF8.self)
        #expect(message.contains(text))
        let error = #expect(throws: HL7Error.self) {
            try ORUProof().check(Array(message.replacing(text, with: other).utf8), against: result, destination: "ris")
        }
        #expect(error?.code == .mismatch || error?.code == .badValue, "\(String(describing: error))")
        #expect(error?.description.contains(other) == false)
    }

    @Test func aSiteChangesFields() throws {
        let site = try HL7Site(
            yaml: """
                results:
                  set: { OBR-20.1: "{link}", ZDS-1: "{study_uid}", PV1-2: "O", MSH-8: "K", "OBX(2)-15.2": "x{status}{urgency}" }
                  remove: [TQ1, OBR-24, OBR-4.2]
                """)
        let result = HL7Samples.result(.final)
        let bytes = try ORUWriter(site: site).message(for: result, destination: "ris")
        try ORUProof(site: site).check(bytes, against: result, destination: "ris")
        let message = try HL7Message(bytes)
        #expect(message.segments.prefix(6).map(\.name) == ["MSH", "PID", "PV1", "ORC", "OBR", "OBX"])
        #expect(message["OBR-20"] == result.link && message["ZDS-1"] == "1.2.840.1" && message["PV1-2"] == "O" && message["MSH-8"] == "K")
        #expect(
            message["OBX(2)-15"] == "^xFS" && message.segment("TQ1") == nil && message["OBR-24"] == nil && message["OBR-4"] == "36643-5^^LN"
        )
    }
}
