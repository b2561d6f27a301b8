import Basics
import FHIR
import Foundation
import Geometry
import Results
import Terminology
import Testing

@Suite struct TransactionTests {
    func report(_ bundle: R4.Bundle) throws -> R4.DiagnosticReport {
        try #require(bundle.resources.compactMap { if case .diagnosticReport(let report) = $0 { report } else { nil } }.first)
    }

    func observations(_ bundle: R4.Bundle) -> [R4.Observation] {
        bundle.resources.compactMap { if case .observation(let observation) = $0 { observation } else { nil } }
    }

    @Test func `preliminary, final and amended results go to the same report and observations`() throws {
        let make = FHIRTransaction()
        let bundles = try StudyResult.Status.allCases.map { try make.bundle(Samples.result($0)) }
        let addresses = bundles.map { ($0.entry ?? []).filter { $0.request?.method == .put }.map { $0.request?.url ?? "" } }
        #expect(addresses[0] == addresses[1] && addresses[1] == addresses[2] && addresses[0].count == 5)
        #expect(Set(addresses[0]).count == 5)
        #expect(try bundles.map { try report($0).status } == [.preliminary, .final, .amended])
        #expect(bundles.map { Set(observations($0).map(\.status.rawValue)) } == [["preliminary"], ["final"], ["amended"]])
        let corrected = try FHIRTransaction(FHIROptions(saysCorrected: true)).bundle(Samples.result(.amended))
        #expect(try report(corrected).status == .corrected && observations(corrected).allSatisfy { $0.status == .corrected })
    }

    @Test func `the same result makes the same bytes`() throws {
        let one = try FHIRJSON.encode(try FHIRTransaction().bundle(Samples.result()))
        #expect(one == (try FHIRJSON.encode(try FHIRTransaction().bundle(Samples.result()))))
        #expect(String(decoding: one, as: UTF8.self).hasPrefix(#"{"entry":[{"fullUrl":"urn:uuid:"#))
    }

    @Test func `every reference inside names an entry, and entries are named once`() throws {
        let options = FHIROptions(patients: .conditionalCreate, orders: .conditionalCreate)
        let bundle = try FHIRTransaction(options).bundle(Samples.result())
        let names = (bundle.entry ?? []).compactMap(\.fullUrl)
        #expect(Set(names).count == names.count)
        let text = String(decoding: try FHIRJSON.encode(bundle), as: UTF8.self)
        let used = text.matches(of: /"reference":"(urn:uuid:[0-9a-f-]{36})"/).map { String($0.1) }
        #expect(used.count > 20 && Set(used).isSubset(of: names))
        #expect(
            names.allSatisfy { $0.wholeMatch(of: /urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil })
    }

    @Test func `what belongs to others is only made where it is not there`() throws {
        let options = FHIROptions(
            systems: FHIROptions.Systems(issuers: ["CLINIC": "urn:oid:1.2.3"], placer: "urn:oid:1.2.4"), patients: .conditionalCreate,
            orders: .conditionalCreate)
        let requests = try FHIRTransaction(options).bundle(Samples.result()).entry?.compactMap(\.request) ?? []
        let made = requests.filter { $0.method == .post }
        #expect(made.map(\.url) == ["Patient", "ServiceRequest", "Device", "ImagingStudy"])
        // By hand: the backslash before | and , in the value, then percent-encoding.
        #expect(made[0].ifNoneExist == "identifier=urn%3Aoid%3A1.2.3%7CPAT%5C%7C1%5C%2C2")
        #expect(made[1].ifNoneExist == "identifier=urn%3Aoid%3A1.2.4%7CP-1")
        #expect(made[3].ifNoneExist == "identifier=urn%3Adicom%3Auid%7Curn%3Aoid%3A1.2.826.0.1.3680043.8.498.99")
        #expect(requests.filter { $0.method == .put }.allSatisfy { $0.ifNoneExist == nil })
    }

    @Test func `by default a patient is only referred to, and no name leaves`() throws {
        let bundle = try FHIRTransaction().bundle(Samples.result())
        let text = String(decoding: try FHIRJSON.encode(bundle), as: UTF8.self)
        #expect(!text.contains("JANE") && !text.contains("1970-02-28"))
        #expect(try report(bundle).subject?.identifier?.value == "PAT|1,2")
        var unknown = Samples.result()
        unknown.patient = PatientIdentity(name: "DOE^JANE")
        let without = try FHIRTransaction(FHIROptions(patients: .conditionalCreate)).bundle(unknown)
        #expect(!without.resources.contains { $0.type == "Patient" })
        #expect(!String(decoding: try FHIRJSON.encode(without), as: UTF8.self).contains("JANE"))
    }

    @Test func `a patient who is made has the parts of the DICOM name`() throws {
        var result = Samples.result()
        result.patient.name = "Yamada^Tarou=山田^太郎=やまだ^たろう"
        let bundle = try FHIRTransaction(FHIROptions(patients: .conditionalCreate)).bundle(result)
        guard case .patient(let patient)? = bundle.resources.first else {
            Issue.record("no patient")
            return
        }
        #expect(patient.name?.map(\.family) == ["Yamada", "山田", "やまだ"])
        #expect(patient.name?.first?.text == "Tarou Yamada" && patient.gender == .female && patient.birthDate?.text == "1970-02-28")
    }

    @Test func `scores are exact percents and boxes exact pixels`() throws {
        let observation = try #require(observations(try FHIRTransaction().bundle(Samples.result())).first)
        let text = String(decoding: try FHIRJSON.encode(observation), as: UTF8.self)
        // 0.1 + 0.2 is 0.30000000000000004 as a Double; a third has 16 digits.
        for number in ["30.000000000000004", "87.3", "0.1", "1203.25", "300.7", "0.3333333333333333"] {
            #expect(text.contains(#""value":\#(number)}"#) || text.contains(#""value":\#(number),"#), "\(number)")
        }
        #expect(text.contains(#""code":"%","system":"http://unitsofmeasure.org""#))
    }

    @Test func `the notice stands in conclusion, note, tag and text`() throws {
        let bundle = try FHIRTransaction().bundle(Samples.result(), pdf: Data("%PDF-1.7".utf8))
        let report = try report(bundle)
        #expect(report.conclusion?.hasPrefix(StudyResult.notice) == true)
        #expect(report.meta?.tag?.map(\.code) == ["RESEARCHUSE", "URGENT"])
        #expect(
            observations(bundle).allSatisfy { $0.note?.first?.text == StudyResult.notice && $0.meta?.tag?.first?.code == "RESEARCHUSE" })
        #expect(report.presentedForm?.map(\.contentType) == ["text/plain; charset=utf-8", "application/pdf", "text/html"])
        let text = try #require(report.presentedForm?.first?.data)
        #expect(String(decoding: text, as: UTF8.self) == "Erguss links.\nKein Pneumothorax.\n\n" + StudyResult.notice + "\n")
    }

    @Test func `nothing found is only said where every image was read without a doubt`() throws {
        func said(_ images: [ResultImage]) throws -> (R4.Observation, R4.DiagnosticReport) {
            let bundle = try FHIRTransaction().bundle(Samples.result(findings: [], images: images))
            return (try #require(observations(bundle).first), try report(bundle))
        }
        let (sound, soundReport) = try said(Samples.images(2))
        #expect(sound.value != nil && soundReport.conclusionCode?.first?.coding?.first?.code == "281900007")
        let (doubtful, doubtfulReport) = try said(Samples.images(2, doubt: "the image is cut off"))
        #expect(
            doubtful.value == nil && doubtful.dataAbsentReason?.coding?.first?.code == "unknown" && doubtfulReport.conclusionCode == nil)
        #expect(doubtful.note?.last?.text == "the image is cut off")
        let (unread, _) = try said(Samples.images(1, doubt: "damaged", wasRead: false))
        #expect(unread.dataAbsentReason?.coding?.first?.code == "error")
    }

    @Test func `findings that a later reading does not have are withdrawn`() throws {
        let before = Samples.result()
        let after = Samples.result(.final, findings: Array(before.findings.prefix(1)), person: "reader.one")
        func withdrawn(_ before: StudyResult, _ after: StudyResult) throws -> [String] {
            observations(try FHIRTransaction().bundle(after, replacing: before)).filter { $0.value == nil && $0.dataAbsentReason == nil }
                .map {
                    "\($0.identifier?.first?.value?.split(separator: "/").last ?? "") \($0.status.rawValue)"
                }
        }
        #expect(try withdrawn(before, after) == ["2 cancelled", "3 cancelled", "4 cancelled"])
        #expect(try withdrawn(after, Samples.result(.amended, findings: [])) == ["1 entered-in-error"])
        #expect(try withdrawn(Samples.result(findings: []), before) == ["none cancelled"])
        let bundle = try FHIRTransaction().bundle(after, replacing: before)
        #expect(try report(bundle).result?.count == 1)
        #expect(try FHIRProof().differences(FHIRJSON.encode(bundle), from: after) == [])
    }

    @Test func `what cannot be told is refused`() throws {
        func code(_ change: (inout StudyResult) -> Void) -> String {
            var result = Samples.result()
            change(&result)
            do {
                _ = try FHIRTransaction().bundle(result)
                return "made"
            } catch let error as FHIRError { return error.code.rawValue } catch { return "another" }
        }
        #expect(code { _ in } == "made")
        #expect(code { $0.findings[0].box.x = .nan } == "bad result")
        #expect(code { $0.findings[0].score = .infinity } == "bad result")
        #expect(code { $0.study.uid = "1..2" } == "bad result")
        #expect(code { $0.images[0].seriesInstanceUID = "" } == "bad result")
        #expect(code { $0.findings[1].id = $0.findings[0].id } == "bad result")
        #expect(code { $0.findings[1].id = "ä" } == "bad result")
        #expect(code { $0.identifier = "" } == "bad result")
    }

    @Test func `an answer is taken only where each entry was done`() throws {
        func answer(_ text: String, _ count: Int = 1) throws -> TransactionAnswer { try TransactionAnswer(Data(text.utf8), entries: count) }
        let done = try answer(
            #"""
            {"resourceType":"Bundle","type":"transaction-response","entry":[
              {"response":{"status":"201 Created","location":"https://h/fhir/Device/7/_history/1"}}]}
            """#
        )
        #expect(done.isDone && done.entries[0].location == "Device/7")
        let failed = try answer(
            #"""
            {"resourceType":"Bundle","type":"transaction-response","entry":[{"response":{"status":"412","outcome":
              {"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"multiple-matches","diagnostics":"JANE DOE"}]}}}]}
            """#
        )
        #expect(!failed.isDone && failed.entries[0].issues == ["error multiple-matches"])
        #expect(throws: FHIRError.self) { try answer(#"{"resourceType":"Bundle","type":"transaction-response"}"#) }
        #expect(throws: FHIRError.self) { try answer(#"{"resourceType":"Bundle","type":"transaction-response","entry":[{}]}"#) }
        #expect(throws: FHIRError.self) { try answer(#"{"resourceType":"Bundle","type":"searchset"}"#) }
        #expect(throws: FHIRError.self) {
            try answer(#"{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"conflict"}]}"#)
        }
    }
}
