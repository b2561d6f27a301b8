import Clinic
import Department
import FHIR
import Foundation
import Peers
import ResultObjects
import Results
import SettingsFiles
import Testing

@Suite struct ConfigurationTests {
    private func configuration(_ yaml: String) throws -> ClinicConfiguration {
        try ClinicConfiguration(try SettingsTable(yaml: yaml, folder: URL(fileURLWithPath: "/etc/pleura")))
    }

    private func reason(_ yaml: String) -> String? {
        do {
            _ = try configuration(yaml)
            return nil
        } catch let error as SettingsError {
            return error.reason
        } catch let error as ClinicError {
            return error.reason
        } catch {
            return "\(error)"
        }
    }

    @Test func aWholeSiteIsRead() throws {
        let clinic = try configuration(
            """
            page: https://reading.example
            language: de
            dicom:
              title: READER
              listen: [127.0.0.1:11112, "[::1]:11113"]
              peers:
                - title: CT1
                  addresses: [10.0.0.4]
                  protocol: emergency
                  stat: true
                  commitment: 10.0.0.4:104
            hl7:
              listen: 0.0.0.0:2575
              addresses: [10.0.0.0/8]
            retry: {first_seconds: 2, longest_seconds: 60, most_attempts: 9}
            destinations:
              - name: pacs
                dicom: PACS@10.0.0.5:104
                sends: [sr, sc]
                commitment_seconds: 600
                statuses: [final, amended]
              - name: ris
                hl7: ris.example:2576
                only_urgent: true
              - name: ehr
                fhir: https://ehr.example/fhir/
                create_patients: true
              - name: shelf
                folder: out
                sends: [pdf, oru]
            """)
        #expect(clinic.page == "https://reading.example/" && clinic.language == "de")
        #expect(clinic.node?.title == "READER" && clinic.node?.listeners.map(\.port) == [11_112, 11_113])
        #expect(clinic.node?.listeners.map(\.address) == ["127.0.0.1", "::1"])
        #expect(clinic.node?.peers.first?.answersTo?.port == 104 && clinic.node?.peers.first?.isUrgent == true)
        #expect(clinic.messages?.server.port == 2_575 && clinic.messages?.server.allowedAddresses == ["10.0.0.0/8"])
        #expect(clinic.patience.longest == 60 && clinic.patience.mostAttempts == 9)
        #expect(clinic.destinations.map(\.name) == ["pacs", "ris", "ehr", "shelf"])
        #expect(clinic.destinations[0].rules.statuses == [.final, .amended] && clinic.destinations[1].rules.onlyUrgent)
        guard case .dicom(let address, let options, let commitment) = clinic.destinations[0].kind else {
            Issue.record("the first destination is no DICOM node")
            return
        }
        #expect(address.title == "PACS" && address.host == "10.0.0.5" && commitment == 600)
        #expect(options.kinds == [.structuredReport, .secondaryCapture])
        guard case .fhir(let base, _, let fhir) = clinic.destinations[2].kind,
            case .folder(let folder, _, let messages, _) = clinic.destinations[3].kind
        else {
            Issue.record("the other destinations are others")
            return
        }
        #expect(base == "https://ehr.example/fhir" && fhir.patients == .conditionalCreate)
        #expect(folder.path == "/etc/pleura/out" && messages == ["oru"])
    }

    /// Each fault names its key, and what was perhaps meant.
    @Test(arguments: [
        ("dicm: {}", "there is no key dicm; did you mean dicom?"),
        ("dicom: {listen: 127.0.0.1:11112}", "peers is missing"),
        ("dicom: {peers: [{title: A}]}", "listen or listen_tls is missing"),
        ("dicom: {listen: here, any_peer: true}", "listen has to be HOST:PORT"),
        ("dicom: {listen: 127.0.0.1:1, peers: [{title: A, adresses: [1.2.3.4]}]}", "dicom: peers 1: adresses; did you mean addresses?"),
        ("dicom: {listen: 127.0.0.1:1, peers: [{title: ATITLETHATISTOOLONGFORDICOM}]}", "title has to be 1 to 16 characters"),
        ("dicom: {listen_tls: 127.0.0.1:1, any_peer: true}", "listen_tls needs tls"),
        ("destinations: [{name: a}]", "destinations 1 needs one of"),
        ("destinations: [{name: a, dicom: A@b:1, hl7: c:2}]", "destinations 1 needs one of"),
        ("destinations: [{name: A B, dicom: A@b:1}]", "name has to be 1 to 40 lower-case"),
        ("destinations: [{name: a, dicom: b:1}]", "TITLE@HOST:PORT"),
        ("destinations: [{name: a, dicom: A@b:1, sends: [srr]}]", "did you mean sr?"),
        ("destinations: [{name: a, hl7: b:2, sends: [sr]}]", "there is no key destinations 1: sends"),
        ("destinations: [{name: a, dicom: A@b:1}, {name: a, hl7: c:2}]", "two destinations are called a"),
        ("destinations: [{name: a, fhir: ehr.example}]", "an address is such as"),
        ("destinations: [{name: a, webhook: https://x.example}]", "secret_file is missing"),
        ("destinations: [{name: a, hl7: b:2, site: missing.yaml}]", "cannot be read"),
        ("destinations: [{name: a, fhir: \"http://x.example/fhir\", token_file: t}]", "over https alone"),
        ("retry: {most_attempts: 0}", "most_attempts has to be a whole number"),
        ("page: ftp://x", "page has to be an address"),
        ("hl7: {listen: 2575}", "listen has to be HOST:PORT"),
    ]) func everyFaultNamesItsKey(yaml: String, expected: String) {
        #expect(reason(yaml)?.contains(expected) == true, "\(yaml): \(reason(yaml) ?? "taken")")
    }
}
