import Foundation
import Geometry
import HL7
import PleuraTesting
import Results
import Testing

/// The half of `Tests/Interop/clinic_hl7.py` that is done here: what stands in a folder is read and told as JSON, and our own messages
/// are laid beside it.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["PLEURA_HL7_FOLDER"] != nil)) struct HL7InteropTests {
    private var folder: URL { URL(fileURLWithPath: ProcessInfo.processInfo.environment["PLEURA_HL7_FOLDER"] ?? "/nonexistent") }

    @Test func messagesOfOthersAreTold() throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        where name.hasPrefix("in-") && name.hasSuffix(".hl7") {
            let file = folder.appendingPathComponent(name)
            let bytes = [UInt8](try Data(contentsOf: file))
            let message = try HL7Message(bytes)
            try Data(message.jsonDescription.utf8).write(to: file.appendingPathExtension("json"))
            let answer = AcknowledgementWriter().answer(to: message, .applicationAccept, date: Date(timeIntervalSince1970: 1_796_025_600))
            try Data(answer).write(to: folder.appendingPathComponent("ack-" + name))
            let error = HL7Error(.missing, "a field is | missing", at: HL7Location(segment: "PID", field: 3))
            let refusal = AcknowledgementWriter().answer(
                to: message, .applicationError, error: error, date: Date(timeIntervalSince1970: 1_796_025_600))
            try Data(refusal).write(to: folder.appendingPathComponent("ack-error-" + name))
        }
    }

    @Test func resultsAreWritten() throws {
        let sites = [
            "", "version: 2.5\nresults: { report: repetitions }", "version: 2.4\ncharacter_set: 8859/1",
            "version: 2.3.1\nresults: { report: formatted }",
            "accept_acknowledgement: AL\napplication_acknowledgement: NE",
        ]
        var mutator = Mutator(seed: 24)
        let labels = [
            "Atelectasis", "Cardiomegaly", "Effusion", "Infiltrate", "Mass", "Nodule", "Pneumonia", "Pneumothorax", "Own | label",
        ]
        for number in 0..<100 {
            let site = try HL7Site(yaml: sites[number % sites.count])
            var result = HL7Samples.result(StudyResult.Status.allCases[number % 3])
            result.identifier = "result\(number)"
            if number % 7 == 0 { result.order = nil }
            if number % 11 == 0 { result.text = "" }
            if number % 13 == 0 { result.link = nil }
            result.findings = (0..<mutator.below(5)).map { index in
                ResultFinding(
                    id: "f\(index)", label: labels[mutator.below(labels.count)], image: result.images[mutator.below(2)].sopInstanceUID,
                    box: Box(
                        x: Double(mutator.below(9_999)) / 7, y: Double(mutator.below(9_999)) / 3, width: 10.5,
                        height: Double(1 + mutator.below(99))),
                    score: Double(mutator.below(1_000_000)) / 999_999, probability: mutator.below(2) == 0 ? nil : 0.25,
                    place: mutator.below(2) == 0 ? nil : .init(zone: .upper, side: .right), decision: mutator.below(3) == 0 ? .moved : nil)
            }
            let bytes = try ORUWriter(site: site).message(for: result, destination: "peer")
            try ORUProof(site: site).check(bytes, against: result, destination: "peer")
            try Data(bytes).write(to: folder.appendingPathComponent("oru-\(number).hl7"))
            try Data(HL7Message(bytes).jsonDescription.utf8).write(to: folder.appendingPathComponent("oru-\(number).hl7.json"))
            let boxes = result.findings.map {
                ["label": $0.label, "box": [$0.box.x, $0.box.y, $0.box.width, $0.box.height], "score": $0.score ?? -1] as [String: Any]
            }
            try JSONSerialization.data(withJSONObject: boxes).write(to: folder.appendingPathComponent("oru-\(number).hl7.findings"))
        }
    }
}
