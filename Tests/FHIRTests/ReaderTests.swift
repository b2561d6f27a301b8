import Basics
import FHIR
import Foundation
import Geometry
import Results
import Terminology
import Testing

@Suite struct ReaderTests {
    @Test func `drawn results are read back the same`() throws {
        var random = SeededGenerator(seed: 6)
        for round in 0..<200 {
            let result = Samples.drawn(&random)
            let options = FHIROptions(
                patients: round % 2 == 0 ? .reference : .conditionalCreate, orders: round % 3 == 0 ? .conditionalCreate : .reference)
            let data = try FHIRJSON.encode(try FHIRTransaction(options).bundle(result))
            #expect(try FHIRProof(options).differences(data, from: result) == [])
        }
    }

    @Test func `a cardiothoracic ratio is an observation of its own`() throws {
        var result = Samples.result()
        let ratio = ResultRatio(
            value: 0.5213, error: 0.0312, heart: .init(left: 101.25, right: 209.5, y: 180.75),
            thorax: .init(left: 51.5, right: 259.25, y: 190))
        result.images[1].ratio = ratio
        let bundle = try FHIRTransaction().bundle(result)
        let data = try FHIRJSON.encode(bundle)
        #expect(try FHIRProof().differences(data, from: result) == [])
        let read = try FHIRReader().read(data)
        #expect(read.ratios.map(\.ratio) == [ratio] && read.ratios.map(\.image) == [result.images[1].sopInstanceUID])
        #expect(read.findings.count == result.findings.count)
        let observations = (bundle.entry ?? []).compactMap { entry -> R4.Observation? in
            if case .observation(let observation)? = entry.resource { observation } else { nil }
        }
        let own = try #require(observations.first { $0.code.coding?.first?.code == "CTR" })
        #expect(own.identifier?.first?.value == result.study.uid + "/ratio.2" && own.bodySite?.coding?.first?.code == "80891009")
        var other = result
        other.images[1].ratio?.heart.left += 1
        #expect(try FHIRProof().differences(data, from: other) == ["the cardiothoracic ratios"])
        // A later result without it withdraws it.
        other.images[1].ratio = nil
        let later = try FHIRTransaction().bundle(other, replacing: result)
        let withdrawn = (later.entry ?? []).compactMap { entry -> R4.ObservationStatus? in
            guard case .observation(let observation)? = entry.resource else { return nil }
            return observation.identifier?.first?.value?.hasSuffix("/ratio.2") == true ? observation.status : nil
        }
        #expect(withdrawn == [.cancelled])
    }

    @Test func `every difference is told, without a value`() throws {
        let result = Samples.result()
        let data = try FHIRJSON.encode(try FHIRTransaction().bundle(result))
        func told(_ change: (inout StudyResult) -> Void) throws -> [String] {
            var other = result
            change(&other)
            return try FHIRProof().differences(data, from: other)
        }
        #expect(try told { _ in } == [])
        #expect(try told { $0.identifier = "x" } == ["the result's identifier"])
        #expect(try told { $0.study.uid = "1.2" } == ["the study"])
        #expect(try told { $0.status = .final } == ["the status"])
        #expect(try told { $0.issued += 1 } == ["when it was issued"])
        #expect(try told { $0.patient.id = "other" } == ["the patient's number"])
        #expect(try told { $0.reader.model = nil } == ["the model"])
        #expect(try told { $0.findings[0].box.x += 1e-9 } == ["the box of finding 1"])
        #expect(try told { $0.findings[0].score = 0.3 } == ["the score of finding 1"])
        #expect(try told { $0.findings[0].place?.side = .right } == ["the place of finding 1"])
        #expect(try told { $0.findings[0].label = "Mass" } == ["the label of finding 1"])
        #expect(try told { $0.findings[0].image = "1.2.3" } == ["the image of finding 1"])
        #expect(try told { $0.findings[3].decision = .accepted } == ["the decision on finding 4"])
        #expect(try told { $0.findings.removeLast() } == ["the number of findings"])
        #expect(try told { $0.findings = [] } == ["whether nothing was found", "the number of findings"])
    }

    @Test func `what a server kept and answers to a search is read, too`() throws {
        let result = Samples.result(.final, person: "reader.one")
        var bundle = try FHIRTransaction().bundle(result)
        // A server gives ids, and writes them into the references.
        var text = String(decoding: try FHIRJSON.encode(bundle), as: UTF8.self)
        for (place, entry) in (bundle.entry ?? []).enumerated() {
            text = text.replacingOccurrences(
                of: "\"reference\":\"\(entry.fullUrl ?? "")\"", with: "\"reference\":\"\(entry.resource?.type ?? "")/\(place)\"")
            text = text.replacingOccurrences(
                of: "\"fullUrl\":\"\(entry.fullUrl ?? "")\"", with: "\"fullUrl\":\"https://h/fhir/\(entry.resource?.type ?? "")/\(place)\"")
        }
        bundle = try FHIRJSON.decode(R4.Bundle.self, from: Data(text.utf8))
        var entries = bundle.entry ?? []
        for place in entries.indices {
            switch entries[place].resource {
            case .observation(var one)?:
                one.id = "\(place)"
                entries[place].resource = .observation(one)
            case .device(var one)?:
                one.id = "\(place)"
                entries[place].resource = .device(one)
            default: continue
            }
        }
        bundle.entry = entries
        bundle.type = .searchset
        #expect(try FHIRProof().differences(FHIRJSON.encode(bundle), from: result) == [])
    }

    @Test func `what would mean something else is refused`() throws {
        let text = String(decoding: try FHIRJSON.encode(try FHIRTransaction().bundle(Samples.result())), as: UTF8.self)
        func reason(_ old: String, _ new: String) -> String {
            guard text.contains(old) else { return "not there" }
            let range = text.range(of: old) ?? text.startIndex..<text.startIndex
            do {
                _ = try FHIRReader().read(Data(text.replacingCharacters(in: range, with: new).utf8))
                return "read"
            } catch let error as FHIRError { return error.reason } catch { return "another" }
        }
        #expect(reason(#""code":"60046008""#, #""code":"36118008""#) == "code and text of a finding do not mean the same")
        #expect(reason(#""text":"Effusion""#, #""text":"Pneumothorax""#) == "code and text of a finding do not mean the same")
        #expect(reason(#""code":"%""#, #""code":"1""#) == "score of an observation is no quantity in percent")
        #expect(
            reason(#""resourceType":"Observation""#, #""modifierExtension":[{"url":"x"}],"resourceType":"Observation""#).contains(
                "modifier extension"))
        #expect(
            reason(#""resourceType":"DiagnosticReport""#, #""implicitRules":"x","resourceType":"DiagnosticReport""#).contains(
                "implicit rules"))
        #expect(reason(#""resourceType":"DiagnosticReport""#, #""resourceType":"List""#) == "the bundle has 0 reports, not one")
        #expect(reason(#""status":"preliminary""#, #""status":"final""#) == "an observation's status is not its report's")
        #expect(reason(#""status":"preliminary""#, #""status":"maybe""#).hasSuffix("has a value that is not allowed"))
        #expect(
            reason(#""valueQuantity":{"#, #""valueString":"x","valueQuantity":{"#).contains(
                "has two of value[x]: valueQuantity, valueString"))
    }
}
