import AuditMessages
import Foundation
import Testing

@Suite("Audit messages") struct AuditMessageTests {
    @Test(arguments: [false, true]) func everyEventKeepsToTheSchema(namesPatients: Bool) throws {
        let events = SampleEvents.all(namesPatients: namesPatients)
        #expect(Set(events.map(\.code)).count == 13)
        for (code, message) in events {
            #expect(AuditSchema.faults(message.xml) == [], "\(code)")
            let root = try #require(XMLTree.root(message.xml))
            #expect(root.first("EventIdentification")?.first("EventID")?.attributes["csd-code"] == code)
            #expect(root.first("EventIdentification")?.attributes["EventDateTime"] == "2026-03-01T07:08:09.010Z")
            #expect(
                root.first("AuditSourceIdentification")?.attributes == ["AuditSourceID": "pleura-1", "AuditEnterpriseSiteID": "Radiology"])
            #expect(message.xml == message.xml)
            #expect(!message.xml.contains(0x0A))
        }
    }

    /// The checker itself must see what is wrong.
    @Test func schemaSeesFaults() {
        let good = String(decoding: SampleEvents.all(namesPatients: true)[2].message.xml, as: UTF8.self)
        #expect(AuditSchema.faults(Data(good.utf8)) == [])
        for (old, new) in [
            ("EventOutcomeIndicator=\"0\"", "EventOutcomeIndicator=\"1\""), ("csd-code=\"110102\" ", ""), ("</AuditMessage>", ""),
            ("UserIsRequestor=\"true\"", "UserIsRequestor=\"yes\""), (".010Z", ""), ("<ParticipantObjectName></ParticipantObjectName>", ""),
            ("ParticipantObjectTypeCode=\"2\"", "ParticipantObjectTypeCode=\"5\""), ("<Accession Number=\"A77\"/>", "<Accession/>"),
            ("<ActiveParticipant", "<Participant"), ("AuditSourceID", "SourceID"),
        ] {
            #expect(good.contains(old), "\(old)")
            #expect(AuditSchema.faults(Data(good.replacingOccurrences(of: old, with: new).utf8)) != [], "\(old)")
        }
    }

    @Test func noPatientUnlessAsked() {
        for (code, message) in SampleEvents.all() {
            let text = String(decoding: message.xml, as: UTF8.self)
            #expect(!text.contains("PAT-"), "\(code)")
            #expect(!text.contains(Data("(0010,0010) PN [Surname^Given]".utf8).base64EncodedString()), "\(code)")
        }
        let named = SampleEvents.all(namesPatients: true).filter {
            String(decoding: $0.message.xml, as: UTF8.self).contains("\"PAT-0815\"")
        }
        #expect(Set(named.map(\.code)) == ["110102", "110103", "110104", "110105", "110106", "110107", "110109", "110110", "110111"])
    }

    @Test func patientsOnceEach() {
        let message = SampleEvents.context(namesPatients: true).studyDeleted(
            [SampleEvents.study, SampleEvents.other], at: SampleEvents.time)
        #expect(message.objects.map(\.id) == ["1.2.840.99.1", "1.2.840.99.2", "PAT-0815"])
        #expect(message.objects.map(\.kind) == [.system, .system, .person])
    }

    /// Written by hand after PS3.15 A.5.3.7.
    @Test func wholeMessage() throws {
        let context = SampleEvents.context(namesPatients: true)
        let message = context.instancesTransferred(
            [SampleEvents.study], .sent(to: SampleEvents.pacs), startedByPeer: false, at: SampleEvents.time)
        let expected = [
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><AuditMessage>",
            "<EventIdentification EventActionCode=\"E\" EventDateTime=\"2026-03-01T07:08:09.010Z\" EventOutcomeIndicator=\"0\">",
            "<EventID csd-code=\"110104\" codeSystemName=\"DCM\" originalText=\"DICOM Instances Transferred\"/></EventIdentification>",
            "<ActiveParticipant UserID=\"4711\" AlternativeUserID=\"AETITLES=PLEURA\" UserName=\"pleura-serve\" UserIsRequestor=\"true\" ",
            "NetworkAccessPointID=\"ai.example\" NetworkAccessPointTypeCode=\"1\">",
            "<RoleIDCode csd-code=\"110153\" codeSystemName=\"DCM\" originalText=\"Source Role ID\"/></ActiveParticipant>",
            "<ActiveParticipant UserID=\"pacs\" AlternativeUserID=\"AETITLES=PACS;PACS2\" UserIsRequestor=\"false\" ",
            "NetworkAccessPointID=\"pacs.example\" NetworkAccessPointTypeCode=\"1\">",
            "<RoleIDCode csd-code=\"110152\" codeSystemName=\"DCM\" originalText=\"Destination Role ID\"/></ActiveParticipant>",
            "<AuditSourceIdentification AuditEnterpriseSiteID=\"Radiology\" AuditSourceID=\"pleura-1\">",
            "<AuditSourceTypeCode csd-code=\"4\"/></AuditSourceIdentification>",
            "<ParticipantObjectIdentification ParticipantObjectID=\"1.2.840.99.1\" ParticipantObjectTypeCode=\"2\" ",
            "ParticipantObjectTypeCodeRole=\"3\">",
            "<ParticipantObjectIDTypeCode csd-code=\"110180\" codeSystemName=\"DCM\" originalText=\"Study Instance UID\"/>",
            "<ParticipantObjectName></ParticipantObjectName><ParticipantObjectDescription><Accession Number=\"A77\"/>",
            "<SOPClass UID=\"1.2.840.10008.5.1.4.1.1.1\" NumberOfInstances=\"2\"><Instance UID=\"1.2.3\"/><Instance UID=\"1.2.4\"/></SOPClass>",
            "</ParticipantObjectDescription></ParticipantObjectIdentification>",
            "<ParticipantObjectIdentification ParticipantObjectID=\"PAT-0815\" ParticipantObjectTypeCode=\"1\" ",
            "ParticipantObjectTypeCodeRole=\"1\">",
            "<ParticipantObjectIDTypeCode csd-code=\"2\" codeSystemName=\"RFC-3881\" originalText=\"Patient Number\"/>",
            "<ParticipantObjectName></ParticipantObjectName></ParticipantObjectIdentification></AuditMessage>",
        ].joined()
        #expect(String(decoding: message.xml, as: UTF8.self) == expected)
    }

    @Test func whoBeganIt() {
        let context = SampleEvents.context(namesPatients: false)
        func requestors(_ message: AuditMessage) -> [String] { message.participants.filter(\.isRequestor).map(\.userID) }
        let (study, pacs, time) = ([SampleEvents.study], SampleEvents.pacs, SampleEvents.time)
        #expect(requestors(context.beginTransferring(study, .sent(to: pacs), startedByPeer: true, at: time)) == ["pacs"])
        #expect(requestors(context.beginTransferring(study, .sent(to: pacs), startedByPeer: false, at: time)) == ["4711"])
        #expect(
            requestors(context.beginTransferring(study, .received(from: pacs), startedByPeer: false, by: SampleEvents.person, at: time))
                == ["dr.garcía"])
        #expect(requestors(context.query("1.2", .received(from: pacs), at: time)) == ["pacs"])
        #expect(requestors(context.query("1.2", .sent(to: pacs), at: time)) == ["4711"])
        #expect(requestors(context.orderRecord(.create, patient: nil, from: pacs, at: time)) == ["pacs"])
        #expect(requestors(context.userAuthentication(.login, SampleEvents.person, at: time)) == ["dr.garcía"])
        #expect(requestors(context.instancesAccessed(.read, study, at: time)) == ["4711"])
    }

    /// What people type must come back from a parser as it was, and never as markup.
    @Test func textOfAllKinds() throws {
        for text in ["<a href='x'>&amp;\"`", "]]>", "κόσμος 日本 👩‍⚕️", "\u{200F}rtl", "a b"] {
            var context = SampleEvents.context(namesPatients: true)
            context.process.name = text
            let message = context.userAuthentication(
                .login, AuditPerson(account: text), at: SampleEvents.time, outcome: AuditOutcome(.majorFailure, text))
            let root = try #require(XMLTree.root(message.xml))
            #expect(root.all("ActiveParticipant").map { $0.attributes["UserID"] } == [text, "4711"])
            #expect(root.all("ActiveParticipant").last?.attributes["UserName"] == text)
            #expect(root.first("EventIdentification")?.first("EventOutcomeDescription")?.text == text)
        }
        // Characters that XML has no place for do not break the message.
        for text in ["a\u{0}b", "line\nline", "\u{1B}[0m", "\u{FFFE}", "\r\t"] {
            let message = SampleEvents.context(namesPatients: true).userAuthentication(
                .login, AuditPerson(account: text), at: SampleEvents.time)
            #expect(AuditSchema.faults(message.xml) == [])
            #expect(!message.xml.contains(0x0A))
        }
    }

    @Test func times() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00.000Z"), (-0.001, "1969-12-31T23:59:59.999Z"), (1_772_348_889.9996, "2026-03-01T07:08:10.000Z"),
            (951_782_400.5, "2000-02-29T00:00:00.500Z"), (1_772_348_889.010, "2026-03-01T07:08:09.010Z"),
        ] {
            #expect(UniversalTime.text(of: Date(timeIntervalSince1970: seconds)) == text)
        }
    }
}
