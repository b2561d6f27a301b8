import HL7
import Testing

@Suite struct SiteTests {
    @Test func anEmptyFileIsTheUsual() throws {
        #expect(try HL7Site(yaml: "") == HL7Site())
        #expect(try HL7Site(yaml: "# nothing\n") == HL7Site())
    }

    @Test func everyKeyIsRead() throws {
        let site = try HL7Site(
            yaml: """
                version: 2.4
                character_set: 8859/1
                fallback_character_set: WINDOWS-1252
                bad_characters: replace
                most_message_kb: 64
                sending: { application: NODE, facility: LUNG }
                receiving: { application: RIS, facility: 7 }
                processing_id: T
                accept_acknowledgement: AL
                application_acknowledgement: ER
                orders:
                  { placer: ORC-2, filler: [OBR-3.1], urgency: [ORC-7.6], procedure: OBR-44, routine_words: [T, X], scheduled: OBR-36 }
                patients: { authority: A, types: PI, default_issuer: B, without_id: NONE }
                results: { report: formatted, findings: false, link: false, remove: [PV1] }
                """)
        #expect(
            site.version == .v24 && site.characterSet == .latin1 && site.reading.badCharacters == .replace
                && site.reading.limits.mostBytes == 65_536)
        #expect(site.reading.fallback?.name == "WINDOWS-1252" && site.sendingApplication == "NODE" && site.sendingFacility == "LUNG")
        #expect(site.receivingApplication == "RIS" && site.receivingFacility == "7" && site.processingID == "T")
        #expect(site.acceptAcknowledgement == .always && site.applicationAcknowledgement == .onError)
        #expect(site.orders.placer.map(\.description) == ["ORC-2"] && site.orders.procedure.description == "OBR-44")
        #expect(site.orders.routineWords == ["T", "X"] && !site.orders.statWords.contains("T") && site.orders.statWords.contains("S"))
        #expect(
            site.patients.authority == "A" && site.patients.types == ["PI"] && site.patients.defaultIssuer == "B"
                && site.patients.withoutID == "NONE")
        #expect(site.results.report == .formatted && !site.results.findings && !site.results.link && site.results.remove == ["PV1"])
    }

    @Test(arguments: [
        ("versoin: 2.4", "did you mean version?"), ("orders: { acession: ORC-3 }", "did you mean orders.accession?"),
        ("version: 2.7", "2.5.1"),
        ("orders: { accession: ORC3 }", "no place in a message"), ("character_set: 8859/99", "8859/9"),
        ("results: { report: line }", "did you mean lines?"),
        ("results: { set: { OBR-20: \"{lnk}\" } }", "did you mean {link}?"), ("results: { set: { OBR: x } }", "no place"),
        ("results: { remove: [PID] }", "has to be there"),
        ("results: { remove: [pv1] }", "no place"), ("results: { link: perhaps }", "true or false"),
        ("orders: [a]", "orders has to be keys"), ("- a", "has to be keys"),
        ("a: [", "YAML"), ("most_message_kb: 0", "whole number"), ("accept_acknowledgement: XX", "AL, NE, ER, SU"),
        ("sending: { name: x }", "application, facility"),
        ("patients: { types: { a: b } }", "list of texts"), ("time_zone: Europe/Berln", "did you mean Europe/Berlin?"),
        ("character_set: UNICODE UTF-16", "MLLP"), ("processing_id: [a]", "has to be a text"),
    ]) func errorsNameTheKeyAndTheNearest(_ yaml: String, _ words: String) {
        let error = #expect(throws: HL7Error.self) { try HL7Site(yaml: yaml) }
        #expect(error?.code == .badSite && error?.reason.contains(words) == true, "\(String(describing: error))")
    }
}
