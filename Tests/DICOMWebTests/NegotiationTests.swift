import DICOMWeb
import Testing

@Suite struct NegotiationTests {
    private static let jpeg2000 = "1.2.840.10008.1.2.4.90"
    private static let explicit = "1.2.840.10008.1.2.1"

    @Test func typesAreRead() throws {
        let type = try #require(MediaType("Multipart/Related; Type=\"application/dicom\"; transfer-syntax=* ; boundary=\"a\\\"b\"; q=0.5"))
        #expect(type.essence == "multipart/related" && type.quality == 0.5)
        #expect(type.parameters == ["type": "application/dicom", "transfer-syntax": "*", "boundary": "a\"b"])
        #expect(MediaType("multipart/related;type=application/dicom")?.parameters["type"] == "application/dicom")
        #expect(MediaType(type.description)?.parameters["boundary"] == nil || type.description.contains("boundary"))
        for text in ["", "a", "a/", "/b", "a/b; c", "a/b; c=\"d", "a b/c", "a/b, c/d"] { #expect(MediaType(text) == nil, "\(text)") }
        let accepted = MediaType.accepted("image/png;q=0.2, , x, application/dicom+json, */*;q=0.1, text/html;q=0, a/b;c=\"d,e\"")
        #expect(accepted.map(\.essence) == ["application/dicom+json", "a/b", "image/png", "*/*", "text/html"])
    }

    /// The fields that dicomweb-client, Orthanc, OHIF and browsers send.
    @Test func jsonIsAnsweredInTheFormAskedFor() throws {
        #expect(try Representation.json(accept: nil).essence == "application/dicom+json")
        #expect(try Representation.json(accept: "application/dicom+json, application/json").essence == "application/dicom+json")
        #expect(try Representation.json(accept: "application/json").essence == "application/json")
        #expect(try Representation.json(accept: "*/*").essence == "application/dicom+json")
        #expect(try Representation.json(accept: "application/dicom+json;q=0.5, application/json;q=0.9").essence == "application/json")
        for accept in ["multipart/related; type=\"application/dicom+xml\"", "text/html", "application/dicom+json;q=0"] {
            #expect(throws: DICOMWebError(.notAcceptable, "")) { try Representation.json(accept: accept) }
        }
    }

    @Test(
        arguments: [
            (nil, true, true), ("*/*", true, true), ("multipart/related; type=\"application/dicom\"; transfer-syntax=*", true, true),
            ("multipart/related; type=application/dicom", true, true),
            ("multipart/related; type=\"application/dicom\"; transfer-syntax=\(jpeg2000)", true, true),
            ("multipart/related; type=\"application/dicom\"; transfer-syntax=\(explicit)", false, true), ("application/dicom", true, false),
            ("application/dicom; transfer-syntax=*", true, false), ("image/jpeg", false, true),
            ("multipart/related; type=\"image/jpeg\"", false, true),
            ("image/jpeg, multipart/related; type=\"application/dicom\"; q=0.3", true, true),
        ] as [(String?, Bool, Bool)])
    func instancesAreAnsweredAsTheyAreStored(_ accept: String?, _ isGiven: Bool, _ isMultipart: Bool) throws {
        if isGiven {
            let found = try Representation.instances(accept: accept, stored: [Self.jpeg2000], isOne: true)
            #expect(found == Representation("application/dicom", transferSyntax: Self.jpeg2000, isMultipart: isMultipart))
        } else {
            #expect(throws: DICOMWebError(.notAcceptable, "")) {
                try Representation.instances(accept: accept, stored: [Self.jpeg2000], isOne: true)
            }
        }
    }

    @Test(
        arguments: [
            ("multipart/related; type=\"*/*\"", "image/jp2", true), ("*/*", "image/jp2", true),
            ("multipart/related; type=\"image/jp2\"", "image/jp2", true),
            ("multipart/related; type=\"image/*\"; transfer-syntax=*", "image/jp2", true), ("image/jp2", "image/jp2", false),
            ("multipart/related; type=\"application/octet-stream\"; transfer-syntax=*", "application/octet-stream", true),
            ("multipart/related; type=\"application/octet-stream\"", nil, true), ("multipart/related; type=\"image/jpeg\"", nil, true),
        ] as [(String, String?, Bool)])
    func framesAreAnsweredAsTheyAreStored(_ accept: String, _ type: String?, _ isMultipart: Bool) throws {
        if let type {
            let found = try Representation.frames(accept: accept, stored: Self.jpeg2000, isOne: true)
            #expect(found == Representation(type, transferSyntax: Self.jpeg2000, isMultipart: isMultipart))
        } else {
            #expect(throws: DICOMWebError(.notAcceptable, "")) {
                try Representation.frames(accept: accept, stored: Self.jpeg2000, isOne: true)
            }
        }
        let native = try Representation.frames(
            accept: "multipart/related; type=\"application/octet-stream\"", stored: "1.2.840.10008.1.2.2", isOne: false)
        #expect(native.transferSyntax == Self.explicit)
        #expect(native.contentType == "application/octet-stream; transfer-syntax=\(Self.explicit)")
        #expect(native.contentType(boundary: "b") == "multipart/related; type=\"application/octet-stream\"; boundary=b")
    }

    @Test func renderedImages() throws {
        #expect(try Representation.rendered(accept: nil).essence == "image/jpeg")
        #expect(try Representation.rendered(accept: "image/png, image/jpeg;q=0.5").essence == "image/png")
        #expect(throws: DICOMWebError(.notAcceptable, "")) { try Representation.rendered(accept: "image/gif") }
    }
}
