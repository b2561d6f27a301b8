import HL7
import Results
import Testing

@Suite struct PatientEventTests {
    private static func events(_ event: String, _ segments: String...) throws -> [PatientEvent] {
        let text = (["MSH|^~\\&|ADT|H|PLEURA|H|20261130||ADT^\(event)|A0001|P|2.5.1", "EVN|\(event)|20261130"] + segments).joined(
            separator: "\r")
        return try PatientEventReader().events(in: HL7Message(text))
    }

    @Test(arguments: ["A01", "A04", "A08", "A31"]) func updates(_ event: String) throws {
        let events = try Self.events(event, "PID|1||7^^^H^MR||DOE^JANE||\"\"|F", "PV1|1|I|||||||||||||||||V1")
        let patient = PatientIdentity(name: "DOE^JANE", id: "7", issuer: "H", sex: "F")
        let update = PatientUpdate(event: event, messageControlID: "A0001", patient: patient, removed: [.birthDate], visitNumber: "V1")
        #expect(events == [.update(update)])
        let known = PatientIdentity(name: "DOE^J", id: "7", issuer: "H", birthDate: "1970-01-01", sex: "F")
        #expect(update.applied(to: known) == patient)
    }

    @Test func whatIsNotToldStays() throws {
        let known = PatientIdentity(name: "DOE^J", id: "7", issuer: "H", birthDate: "1970-01-01", sex: "F")
        guard case .update(let update)? = try Self.events("A08", "PID|1||7^^^H^MR||||").first else { Issue.record("no update"); return }
        #expect(update.applied(to: known) == known && update.removed == [])
    }

    @Test func severalMergesInAMessage() throws {
        let events = try Self.events(
            "A40", "PID|1||1^^^H^MR||DOE^JANE||19700101|F", "MRG|2^^^X^MR~3^^^H^MR||||||DOE^J", "PID|2||4^^^H^MR", "PV1|1|I", "MRG|5^^^H^MR"
        )
        #expect(
            events == [
                .merge(
                    PatientMerge(
                        event: "A40", messageControlID: "A0001",
                        surviving: PatientIdentity(name: "DOE^JANE", id: "1", issuer: "H", birthDate: "1970-01-01", sex: "F"),
                        retired: PatientIdentity(name: "DOE^J", id: "3", issuer: "H"))),
                .merge(
                    PatientMerge(
                        event: "A40", messageControlID: "A0001", surviving: PatientIdentity(id: "4", issuer: "H"),
                        retired: PatientIdentity(id: "5", issuer: "H"))),
            ])
    }

    @Test(arguments: ["A18", "A34", "A36", "A39", "A47"]) func olderMerges(_ event: String) throws {
        guard case .merge(let merge)? = try Self.events(event, "PID|1||1", "MRG|2").first else { Issue.record("no merge"); return }
        #expect(merge.surviving.id == "1" && merge.retired.id == "2" && merge.issuer == nil)
    }

    @Test func links() throws {
        guard case .link(let link)? = try Self.events("A24", "PID|1||1^^^H", "PID|2||2^^^X").first else { Issue.record("no link"); return }
        #expect(link.first.id == "1" && link.second.id == "2" && link.second.issuer == "X" && link.isLinked)
        guard case .link(let unlink)? = try Self.events("A37", "PID|1||1^^^H", "PID|2||2^^^X").first else {
            Issue.record("no link"); return
        }
        #expect(!unlink.isLinked)
    }

    @Test func whatIsNotUnderstoodIsRefusedWhole() {
        for (event, segments, code) in [
            ("A40", ["PID|1||1", "MRG|1"], HL7Error.Code.badValue), ("A40", ["PID|1||1"], .missing), ("A40", ["MRG|1"], .missing),
            ("A40", ["PID|1||1", "MRG|2", "PID|2||3"], .missing), ("A40", ["PID|1||1", "PID|2||3", "MRG|2"], .missing),
            ("A40", ["PID|1||1", "MRG|"], .missing),
            ("A40", ["PID|1", "MRG|2"], .missing), ("A24", ["PID|1||1"], .missing), ("A24", ["PID|1||1", "PID|2||1"], .badValue),
            ("A08", [], .missing),
            ("A08", ["PID|1"], .missing), ("A08", ["PID|1||1", "PID|1||2"], .unsupported), ("A60", ["PID|1||1"], .unsupported),
        ] {
            let text = (["MSH|^~\\&|ADT|H|PLEURA|H|20261130||ADT^\(event)|A0001|P|2.5.1"] + segments).joined(separator: "\r")
            #expect(throws: HL7Error(code, ""), "\(event) \(segments)") { try PatientEventReader().events(in: HL7Message(text)) }
        }
    }
}
