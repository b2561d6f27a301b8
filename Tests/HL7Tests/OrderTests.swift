import Foundation
import HL7
import Results
import Testing

@Suite struct OrderTests {
    private static func latin1(_ text: String) throws -> [UInt8] { [UInt8](try #require(text.data(using: .isoLatin1))) }

    @Test func anOrderOfARadiologySystem() throws {
        let site = try HL7Site(yaml: "time_zone: Europe/Berlin")
        let orders = try OrderReader(site: site).orders(in: HL7Message(Self.latin1(HL7Samples.order)))
        let order = try #require(orders.first)
        #expect(
            orders.count == 1 && order.messageControlID == "C0001" && order.control == "NW" && order.action == .place
                && order.status == "SC")
        #expect(order.placerNumber == "P100" && order.fillerNumber == "F200" && order.accessionNumber == "ACC-300")
        #expect(order.studyInstanceUID == "1.2.840.1" && order.visitNumber == "V77" && order.remarks == [])
        #expect(
            order.patient
                == PatientIdentity(
                    name: "M\u{FC}ller^J\u{F6}rg^Karl^Dr^Jr MD", id: "4711", issuer: "NORTH", birthDate: "1940-02-29", sex: "M"))
        // S in ORC-7 counts, though OBR-5 and OBR-27 say R.
        #expect(order.urgency == .stat)
        #expect(order.scheduled == (try Date("2026-11-30T08:00:00Z", strategy: .iso8601)))
        #expect(order.indication == "Cough; cough & fever")
        #expect(order.procedureCode == "36643-5" && order.procedureText == "XR Chest 2 Views" && order.procedureScheme == "LN")
        #expect(order.resultOrder.indication == order.indication && order.resultOrder.visitNumber == "V77")
    }

    @Test func ordersOfAnImagingDepartment() throws {
        let orders = try OrderReader().orders(in: HL7Message(HL7Samples.imagingOrder))
        #expect(orders.map(\.accessionNumber) == ["ACC1", "ACC2"] && orders.map(\.studyInstanceUID) == ["1.2.3.1", "1.2.3.2"])
        #expect(
            orders.map(\.action) == [.place, .cancel] && orders.map(\.urgency) == [.stat, .routine]
                && orders.map(\.placerNumber) == ["A1", "A2"])
        #expect(orders.allSatisfy { $0.patient.id == "P1" && $0.visitNumber == "V1" })
    }

    @Test func theStudyOfAllOrdersStandsBehindTheLast() throws {
        let text =
            "MSH|^~\\&|A|B|C|D|2026||ORM^O01|1|P|2.3.1\rPID|1||7\rORC|NW|P1\rOBR|1|P1\rORC|NW|P2\rOBR|2|P2\rZDS|1.2.3^^Application^DICOM\r"
        #expect(try OrderReader().orders(in: HL7Message(text)).map(\.studyInstanceUID) == ["1.2.3", "1.2.3"])
        let own = text.replacing("ORC|NW|P2", with: "IPC|ACC|RP|1.9.9\rORC|NW|P2").replacing("ZDS|1.2.3^^Application^DICOM\r", with: "")
        #expect(try OrderReader().orders(in: HL7Message(own)).map(\.accessionNumber) == ["ACC", nil])
    }

    private static func order(_ segments: String...) -> String {
        (["MSH|^~\\&|A|B|C|D|2026||ORM^O01|1|P|2.3.1"] + segments).joined(separator: "\r")
    }

    @Test func whatCannotBeUsedIsRemarkedWithoutPatientData() throws {
        let text = Self.order(
            "PID|1||7||SECRET^S||194O0101|X", "ORC|NW|P1|||||^^^SECRET^^Z", "OBR|1|P1||||||||||||||||ACCESSION-NUMBER-TOO-LONG",
            "ZDS|SECRET")
        let order = try #require(try OrderReader().orders(in: HL7Message(text)).first)
        #expect(order.patient.birthDate == nil && order.patient.sex == nil && order.studyInstanceUID == nil && order.urgency == .routine)
        #expect(order.remarks.count == 6, "\(order.remarks)")
        #expect(!order.remarks.joined().contains("SECRET"))
    }

    @Test(arguments: [
        ("R", Order.Urgency.routine), ("S", .stat), ("A", .stat), ("T", .stat), ("TM30", .stat), ("P", .routine), ("C", .routine),
        ("stat", .stat), ("R~S", .stat),
        ("", .routine), ("?", .routine),
    ]) func urgencies(_ word: String, _ urgency: Order.Urgency) throws {
        for text in [
            Self.order("PID|1||7", "ORC|NW|P1", "OBR|1|P1|||\(word.split(separator: "~").last ?? "")"),
            Self.order("PID|1||7", "ORC|NW|P1|||||" + word.split(separator: "~").map { "^^^^^\($0)" }.joined(separator: "~"), "OBR|1"),
            Self.order("PID|1||7", "ORC|NW|P1", "TQ1|1||||||||\(word)", "OBR|1"),
        ] { #expect(try OrderReader().orders(in: HL7Message(text)).first?.urgency == urgency) }
    }

    @Test(arguments: [
        ("NW", Order.Action.place), ("CA", .cancel), ("OC", .cancel), ("DC", .cancel), ("XO", .change), ("XX", .change), ("SC", .change),
        ("RE", .inform), ("HD", .inform), ("UA", .inform),
    ])
    func orderControls(_ word: String, _ action: Order.Action) throws {
        #expect(try OrderReader().orders(in: HL7Message(Self.order("PID|1||7", "ORC|\(word)|P1", "OBR|1"))).first?.action == action)
    }

    @Test func sitesSayWhereValuesStand() throws {
        let site = try HL7Site(
            yaml: """
                orders: { accession: [ORC-3, OBR-18], study_uid: ZXX-2.1, stat_words: [NOTFALL], indication: NTE-3, visit: PID-18.1 }
                patients: { authority: STATE, default_issuer: X }
                """)
        let text = Self.order(
            "PID|1||4711^^^NORTH^MR~999^^^STATE^SS|||||||||||||||V9", "ORC|NW|P1|F1", "OBR|1||||S|||||||||||||ACC", "NTE|1||why\\.br\\so",
            "ZXX|1|1.2.3^x")
        let order = try #require(try OrderReader(site: site).orders(in: HL7Message(text)).first)
        #expect(
            order.accessionNumber == "F1" && order.studyInstanceUID == "1.2.3" && order.indication == "why\nso" && order.visitNumber == "V9"
        )
        #expect(order.patient.id == "999" && order.patient.issuer == "STATE" && order.urgency == .routine && order.remarks.count == 1)
        let stranger = HL7Samples.imagingOrder
        #expect(throws: HL7Error(.missing, "")) { try OrderReader(site: site).orders(in: HL7Message(stranger)) }
    }

    @Test func oldAndOddMessages() throws {
        // No ORC; the identifier in PID-2; a code only in its second coding.
        let text = Self.order("PID|1|77^^^X||||1970|F", "OBR|1|P1||^^^C2^Chest^L|||||||||||||\"\"")
        let order = try #require(try OrderReader().orders(in: HL7Message(text)).first)
        #expect(order.action == .place && order.control == nil && order.patient.id == "77" && order.patient.issuer == "X")
        #expect(
            order.procedureCode == "C2" && order.procedureText == "Chest" && order.procedureScheme == "L" && order.accessionNumber == nil)
        let result = text.replacing("ORM^O01", with: "ORU^R01")
        #expect(try OrderReader().orders(in: HL7Message(result)).first?.action == .inform)
    }

    @Test func namesInSeveralScripts() throws {
        let text =
            "MSH|^~\\&|A|B|C|D|2026||ORM^O01|1|P|2.5|||||||UNICODE UTF-8\rPID|1||7||\u{5C71}\u{7530}^\u{592A}\u{90CE}^^^^^L^I~"
            + "Yamada^Tarou^^^^^L^A~"
            + "\u{3084}\u{307E}\u{3060}^\u{305F}\u{308D}\u{3046}^^^^^L^P\rOBR|1|P1"
        #expect(
            try OrderReader().orders(in: HL7Message(text)).first?.patient.name
                == "Yamada^Tarou=\u{5C71}\u{7530}^\u{592A}\u{90CE}=\u{3084}\u{307E}\u{3060}^\u{305F}\u{308D}\u{3046}")
    }

    @Test func whatIsNoOrderIsRefused() {
        for (segments, code) in [
            (["OBR|1|P1"], HL7Error.Code.missing), (["PID|1||7"], .missing), (["PID|1||7", "OBR|1"], .missing),
            (["PID|1||7", "PID|2||8", "OBR|1|P1"], .unsupported),
        ] {
            let text = (["MSH|^~\\&|A|B|C|D|2026||ORM^O01|1|P|2.3.1"] + segments).joined(separator: "\r")
            #expect(throws: HL7Error(code, "")) { try OrderReader().orders(in: HL7Message(text)) }
        }
        #expect(throws: HL7Error(.unsupported, "")) {
            try OrderReader().orders(in: HL7Message(HL7Samples.patient(event: "A08", "PID|1||7")))
        }
    }
}
