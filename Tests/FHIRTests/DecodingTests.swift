import Basics
import FHIR
import Foundation
import Results
import Testing

@Suite struct DecodingTests {
    static func fixtures() throws -> [(String, Data)] {
        let folder = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil).filter {
            $0.pathExtension == "json"
        }
        .sorted { $0.path < $1.path }.map { ($0.lastPathComponent, try Data(contentsOf: $0)) }
    }

    /// As JSON: of any order of keys, numbers by their value.
    func tree(_ data: Data) throws -> JSONTree { try JSONDecoder().decode(JSONTree.self, from: data) }

    @Test func `resources in the style of the standard's examples come back whole`() throws {
        let fixtures = try Self.fixtures()
        #expect(fixtures.count >= 8)
        for (name, data) in fixtures {
            let resource = try FHIRJSON.decode(R4.AnyResource.self, from: data)
            if case .other = resource { Issue.record("\(name) is not spoken") }
            #expect(try tree(FHIRJSON.encode(resource)) == tree(data), "\(name)")
        }
    }

    @Test func `unknown elements are passed over, and resources of other types kept`() throws {
        let patient = try FHIRJSON.decode(
            R4.Patient.self, from: Data(#"{"resourceType":"Patient","id":"1","photo":[{"x":[1,null]}],"_birthDate":{"id":"a"}}"#.utf8))
        #expect(patient.id == "1")
        let text = #"{"name":[{"a":1.5,"b":[true,null]}],"resourceType":"Organization"}"#
        let other = try FHIRJSON.decode(R4.AnyResource.self, from: Data(text.utf8))
        #expect(other.type == "Organization")
        #expect(String(decoding: try FHIRJSON.encode(other), as: UTF8.self) == text)
    }

    func reason<Value: Decodable>(_ type: Value.Type, _ text: String) -> String {
        do {
            _ = try FHIRJSON.decode(type, from: Data(text.utf8))
            return "read"
        } catch let error as FHIRError { return error.reason } catch { return "another" }
    }

    @Test func `a resource without its type, or of another, is refused`() {
        #expect(reason(R4.Patient.self, "{}") == "the resource lacks resourceType")
        #expect(reason(R4.Patient.self, #"{"resourceType":"Device"}"#) == "the resource is no Patient, but Device")
        #expect(reason(R4.AnyResource.self, #"{"id":"1"}"#) == "the resource lacks resourceType")
        #expect(reason(R4.Observation.self, #"{"resourceType":"Observation","status":"final"}"#) == "the resource lacks code")
        #expect(reason(R4.Patient.self, "{") == "this is not JSON")
        #expect(reason(R4.Patient.self, "[]") == "the resource is of the wrong kind")
    }

    @Test func `a choice of two types, or of one that it has not, is refused`() {
        func observation(_ more: String) -> String {
            reason(R4.Observation.self, #"{"resourceType":"Observation","status":"final","code":{"text":"x"},\#(more)}"#)
        }
        #expect(observation(#""valueString":"a""#) == "read")
        #expect(observation(#""valueString":"a","valueInteger":1"#) == "the resource has two of value[x]: valueInteger, valueString")
        #expect(observation(#""valueAddress":{}"#) == "the resource has valueAddress, which value[x] cannot be")
        #expect(observation(#""effectiveDateTime":"2026","effectivePeriod":{}"#).contains("two of effective[x]"))
        #expect(
            observation(#""component":[{"code":{"text":"x"},"valueBoolean":true,"valueString":"a"}]"#)
                == "component[0] has two of value[x]: valueBoolean, valueString")
        #expect(observation(#""note":[{"text":"x","authorString":"a","authorReference":{}}]"#).contains("two of author[x]"))
        #expect(observation(#""valueSampledData":{"period":0.10}"#) == "read")
    }

    @Test(arguments: ["0.1", "12.345678901234567", "100", "-0.000001", "1E-7", "299792458.123456789"])
    func `decimals are kept exactly`(number: String) throws {
        let quantity = try FHIRJSON.decode(R4.Quantity.self, from: Data(#"{"value":\#(number)}"#.utf8))
        let text = String(decoding: try FHIRJSON.encode(quantity), as: UTF8.self)
        let written = text.dropFirst(#"{"value":"#.count).dropLast()
        #expect(Decimal(string: String(written)) == Decimal(string: number))
        #expect(written.count <= number.count + 6, "\(text)")
    }

    @Test func `a decimal as a text is refused`() { #expect(reason(R4.Quantity.self, #"{"value":"0.1"}"#) == "value is of the wrong kind") }

    @Test(arguments: [
        ("2026", true, true, false), ("2026-11", true, true, false), ("2026-02-29", false, false, false), ("2024-02-29", true, true, false),
        ("1900-02-29", false, false, false), ("2000-02-29", true, true, false), ("2026-13", false, false, false),
        ("2026-11-30T12:00:00Z", false, true, true),
        ("2026-11-30T12:00:00", false, false, false), ("2026-11-30T12:00Z", false, false, false),
        ("2026-11-30T24:00:00Z", false, false, false),
        ("2026-11-30T12:00:60Z", false, true, true), ("2026-11-30T12:00:00.123456789+14:00", false, true, true),
        ("2026-11-30T12:00:00+14:30", false, false, false),
        ("2026-11-30T12:00:00-05:00", false, true, true), ("0000", false, false, false), ("26", false, false, false),
        ("", false, false, false),
        ("2026-11-30 ", false, false, false), ("2026-1-3", false, false, false), ("２０２６", false, false, false),
    ])
    func `dates, times and instants are what FHIR's are`(text: String, date: Bool, dateTime: Bool, instant: Bool) {
        #expect((R4.CalendarDate(text) != nil) == date)
        #expect((R4.DateTime(text) != nil) == dateTime)
        #expect((R4.Instant(text) != nil) == instant)
    }

    @Test func `instants are those of Foundation`() throws {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<2_000 {
            let seconds = Double(Int64.random(in: -12_212_553_600...253_402_300_799, using: &random))
            let instant = R4.Instant(Date(timeIntervalSince1970: seconds))
            let read = try #require(R4.Instant(instant.text))
            #expect(read.range.start == Int64(seconds) * 1_000_000)
        }
    }

    @Test func `the codes of the required value sets are R4's`() {
        #expect(R4.ReportStatus.allCases.count == 10 && R4.ObservationStatus.allCases.count == 8)
        #expect(R4.Bundle.Kind.allCases.count == 9 && R4.ServiceRequest.Intent.allCases.count == 9)
        #expect(R4.OperationOutcome.Issue.Kind.allCases.count == 31)
        #expect(R4.OperationOutcome.Issue.Kind.extension.rawValue == "extension")
        #expect(R4.AuditEvent.Outcome.allCases.map(\.rawValue) == ["0", "4", "8", "12"])
    }

    @Test func `broken JSON never crashes, and the reason is one line`() throws {
        var sources = try Self.fixtures().map { Array($0.1) }
        sources.append(Array(try FHIRJSON.encode(try FHIRTransaction().bundle(Samples.result()))))
        var random = SeededGenerator(seed: 24)
        let rounds = Int(ProcessInfo.processInfo.environment["PLEURA_FUZZ"] ?? "") ?? 3_000
        let pieces = ["null", "[]", "{}", "\"\"", "1e999", "true", "-", "[[[[", "\"valueString\":\"x\",", "\\ud800", "\u{0}"].map {
            Array($0.utf8)
        }
        var refused = 0
        for round in 0..<rounds {
            var bytes = sources[round % sources.count]
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<max(1, bytes.count), using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: if place < bytes.count { bytes[place] = UInt8.random(in: 0...255, using: &random) }
                case 1: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...20, using: &random)))
                case 2: bytes.insert(contentsOf: pieces.randomElement(using: &random) ?? [], at: min(place, bytes.count))
                default: bytes.removeLast(min(bytes.count, bytes.count - place))
                }
            }
            do {
                let resource = try FHIRJSON.decode(R4.AnyResource.self, from: Data(bytes))
                // What is read can be written.
                _ = try FHIRJSON.encode(resource)
                _ = SearchFacts(of: resource)
                if case .bundle(let bundle) = resource {
                    _ = try? TransactionAnswer(Data(bytes), entries: bundle.entry?.count ?? 0)
                    _ = try FHIRReader().read(bundle)
                }
            } catch let error as FHIRError {
                refused += 1
                #expect(!error.reason.isEmpty && !error.reason.contains("\n"))
            }
        }
        #expect(refused > rounds / 4)
    }

    @Test func `JSON that is deep is refused`() {
        let deep = String(repeating: #"{"resourceType":"Bundle","type":"collection","entry":[{"resource":"#, count: 3_000)
        #expect(reason(R4.AnyResource.self, deep) != "read")
        let lists = #"{"resourceType":"List","x":"# + String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000) + "}"
        #expect(reason(R4.AnyResource.self, lists) != "read")
    }
}
