import DICOMWeb
import Foundation
import Testing

@Suite struct STOWTests {
    private static let stored = STOWResponse.Stored(
        sopClass: "1.2.840.10008.5.1.4.1.1.1", sopInstance: "1.2.3", retrieveURL: "https://h/studies/1/series/2/instances/1.2.3")
    private static let failed = STOWResponse.Failed(sopClass: "1.2.840.10008.5.1.4.1.1.1", sopInstance: "1.2.4", reason: .cannotUnderstand)

    @Test func statusSaysHowMuchWasStored() {
        var warned = Self.stored
        warned.warning = .coercion
        #expect(STOWResponse(stored: [Self.stored]).status == 200)
        #expect(STOWResponse(stored: [Self.stored], failed: [Self.failed]).status == 202)
        #expect(STOWResponse(stored: [warned]).status == 202)
        #expect(STOWResponse(failed: [Self.failed]).status == 409)
        #expect(STOWResponse().status == 400)
    }

    @Test func whatIsAnsweredIsReadBack() throws {
        var warned = Self.stored
        (warned.sopInstance, warned.warning) = ("1.2.5", .elementsDiscarded)
        let response = STOWResponse(
            retrieveURL: "https://h/studies/1", stored: [Self.stored, warned],
            failed: [Self.failed, STOWResponse.Failed(reason: .outOfResources)])
        let text = String(decoding: response.dataset.data, as: UTF8.self)
        #expect(text.contains("\"00081190\":{\"Value\":[\"https://h/studies/1\"],\"vr\":\"UR\"}"))
        #expect(text.contains("\"00081197\":{\"Value\":[49152],\"vr\":\"US\"}"))
        let answer = try STOWAnswer(status: response.status, body: response.dataset.data)
        #expect(answer.stored == ["1.2.3": nil, "1.2.5": 0xB006] && answer.failed == ["1.2.4": 0xC000] && answer.otherFailures == [0xA700])
        #expect(answer.missing(of: ["1.2.3", "1.2.4", "1.2.5", "1.2.6"]) == ["1.2.4", "1.2.6"])
    }

    /// A status of 200 proves nothing.
    @Test func anAnswerWithoutInstancesStoresNone() throws {
        let empty = try STOWAnswer(status: 200, body: Data("{\"00081190\":{\"vr\":\"UR\",\"Value\":[\"http://h\"]}}".utf8))
        #expect(empty.missing(of: ["1.2.3"]) == ["1.2.3"])
        for body in ["", "OK", "<xml/>", "[]", "null", "{\"a\":1}"] {
            #expect(throws: DICOMWebError(.badAnswer, ""), "\(body)") { try STOWAnswer(status: 200, body: Data(body.utf8)) }
        }
        for status in [204, 301, 400, 401, 413, 415, 500, 503] {
            #expect(throws: DICOMWebError(.badAnswer, "")) {
                try STOWAnswer(status: status, body: STOWResponse(stored: [Self.stored]).dataset.data)
            }
        }
        // Stored and failed at once: the worse is believed.
        let both = STOWResponse(stored: [Self.stored], failed: [STOWResponse.Failed(sopInstance: "1.2.3", reason: .processingFailure)])
        #expect(try STOWAnswer(status: 202, body: both.dataset.data).missing(of: ["1.2.3"]) == ["1.2.3"])
    }

    @Test func requestsOfOtherTypesAreRefused() throws {
        #expect(throws: DICOMWebError(.unsupportedMediaType, "")) { try STOWRequest.parser(contentType: nil) }
        #expect(throws: DICOMWebError(.unsupportedMediaType, "")) { try STOWRequest.parser(contentType: "application/dicom") }
        #expect(throws: DICOMWebError(.unsupportedMediaType, "")) {
            try STOWRequest.parser(contentType: "multipart/related; type=\"application/dicom+json\"; boundary=x")
        }
        #expect(throws: Never.self) { try STOWRequest.parser(contentType: "multipart/related; type=application/dicom; boundary=x") }
        #expect(throws: Never.self) { try STOWRequest.parser(contentType: "multipart/related; boundary=x") }
        #expect(STOWRequest.isInstance([:]) && STOWRequest.isInstance(["content-type": "application/dicom; transfer-syntax=1.2"]))
        #expect(!STOWRequest.isInstance(["content-type": "application/dicom+json"]) && !STOWRequest.isInstance(["content-type": "?"]))
    }
}
