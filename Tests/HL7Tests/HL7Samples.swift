import Foundation
import Geometry
import Results

/// Messages and results that the tests are about.
enum HL7Samples {
    static let order = [
        #"MSH|^~\&|RIS|NORTH|PLEURA|NORTH|20261130081500+0100||ORM^O01^ORM_O01|C0001|P|2.5.1|||AL|NE||8859/1"#,
        "PID|1||4711^^^NORTH&1.2.3&ISO^MR~999^^^STATE^SS||M\u{FC}ller&von^J\u{F6}rg^Karl^Jr^Dr^MD^L||19400229|M",
        "PV1|1|O|||||||||||||||||V77^^^NORTH",
        "ORC|NW|P100^RIS|F200^RIS||SC||^^^202611300900^^S",
        #"OBR|1|P100^RIS|F200^RIS|36643-5^XR Chest 2 Views^LN|R||||||||cough \T\ fever|||||ACC-300|||||||||^^^^^R||||R05^Cough^I10"#,
        "ZDS|1.2.840.1^100^Application^DICOM",
    ].joined(separator: "\r")

    static let imagingOrder = [
        #"MSH|^~\&|OF|H|PLEURA|H|20261130||OMI^O23^OMI_O23|C0002|P|2.5.1"#, "PID|1||P1^^^H||DOE^JANE||19700101|F",
        "PV1|1|I|||||||||||||||||V1",
        "ORC|NW|A1|B1", "TQ1|1||||||20261130100000||R^Routine^HL70485~A", "OBR|1|A1|B1|CHEST^Chest^L", "IPC|ACC1|RP1|1.2.3.1|SPS1|DX",
        "ORC|CA|A2|B2", "TQ1|1||||||||R", "OBR|1|A2|B2|CHEST^Chest^L", "IPC|ACC2|RP2|1.2.3.2|SPS2|DX",
    ].joined(separator: "\r")

    static func patient(event: String, _ segments: String...) -> String {
        ([#"MSH|^~\&|ADT|H|PLEURA|H|20261130||ADT^\#(event)|A0001|P|2.5.1"#, "EVN|\(event)|20261130"] + segments).joined(separator: "\r")
            + "\r"
    }

    /// A result with all that a result can have.
    static func result(_ status: StudyResult.Status = .preliminary) -> StudyResult {
        StudyResult(
            identifier: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", revision: 7, status: status,
            issued: Date(timeIntervalSince1970: 1_796_025_600),
            reader: ResultReader(
                model: .init(name: "nih8-fast", version: "1.2", digest: "ab12"), person: status == .preliminary ? nil : "dr.berg"),
            patient: PatientIdentity(
                name: "M\u{FC}ller^J\u{F6}rg^Karl^Dr^Jr", id: "4711", issuer: "NORTH", birthDate: "1940-02-29", sex: "M"),
            study: ResultStudy(
                uid: "1.2.840.1", date: "2026-11-30", accessionNumber: "ACC-300", description: "Chest", modality: "DX",
                received: Date(timeIntervalSince1970: 1_796_025_000)),
            order: ResultOrder(
                placerNumber: "P100", fillerNumber: "F200", procedureCode: "36643-5", procedureText: "XR Chest 2 Views",
                procedureScheme: "LN",
                indication: "cough & fever", visitNumber: "V77"),
            images: [
                ResultImage(sopInstanceUID: "1.2.840.1.1", seriesInstanceUID: "1.2.840.1.0", columns: 2_048, rows: 2_500),
                ResultImage(
                    sopInstanceUID: "1.2.840.1.2", seriesInstanceUID: "1.2.840.1.0", columns: 2_048, rows: 2_500,
                    doubt: "It is a lateral view."),
            ],
            findings: [
                ResultFinding(
                    id: "f1", label: "Effusion", image: "1.2.840.1.1", box: Box(x: 12.3456, y: 30, width: 100.1, height: 80.0004),
                    score: 0.912_345_6,
                    probability: 0.641_2, place: .init(zone: .lower, side: .left)),
                ResultFinding(
                    id: "f2", label: "Infiltrate", image: "1.2.840.1.1", box: Box(x: 0, y: 0, width: 1, height: 1), score: 0.000_012,
                    place: .init(zone: nil, side: .both), alternativeTo: "f1", decision: status == .preliminary ? nil : .relabelled),
                ResultFinding(
                    id: "f3", label: "Some | odd^label", image: "1.2.840.1.2", box: Box(x: 5, y: 6, width: 7, height: 8.25),
                    decision: status == .preliminary ? nil : .added),
            ],
            text: "Effusion on the left, 95 % | sure.\n\nA line with ^~\\& in it; \u{E4}\u{F6}\u{FC}\tand a tab.\n", language: "en",
            link: "https://pleura.example/studies/17?a=1&b=2", isUrgent: status != .preliminary)
    }
}
