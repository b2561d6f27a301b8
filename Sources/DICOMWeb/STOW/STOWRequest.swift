import Foundation

/// A store request, from either side.
public struct STOWRequest: Sendable {
    /// Header fields for the request of a client.
    public let fields: [(name: String, value: String)]
    public let body: MultipartBody

    /// A request that sends files as they are (PS3.10), read while they are sent.
    /// - Throws: Where a file is not there.
    public init(files: [URL]) throws {
        guard !files.isEmpty else { throw DICOMWebError(.badRequest, "there is nothing to send") }
        let writer = MultipartWriter(type: "application/dicom")
        body = MultipartBody(try files.map { MultipartBody.Part([try .file($0)]) }, writer: writer)
        fields = [
            ("Content-Type", writer.contentType), ("Accept", "application/dicom+json, application/json;q=0.9"),
            ("Content-Length", String(body.count)),
        ]
    }

    /// The parser for a request that a server gets.
    /// - Throws: `DICOMWebError`: no multipart, no boundary, or parts of a type that is not taken.
    public static func parser(contentType: String?, limits: MultipartParser.Limits = MultipartParser.Limits()) throws -> MultipartParser {
        guard let contentType else { throw DICOMWebError(.unsupportedMediaType, "the body is to be multipart/related") }
        let (boundary, type) = try MultipartBoundary.of(contentType: contentType)
        guard type == nil || type?.essence == "application/dicom" else {
            throw DICOMWebError(.unsupportedMediaType, "the parts are to be of application/dicom: whole files")
        }
        return MultipartParser(boundary: boundary, limits: limits)
    }

    /// Whether a part holds a file: it says so, or says nothing.
    public static func isInstance(_ fields: [String: String]) -> Bool {
        guard let text = fields["content-type"], !text.isEmpty else { return true }
        guard let type = MediaType(text) else { return false }
        return ["application/dicom", "application/octet-stream"].contains(type.essence)
    }
}

/// What another server said to a store request. It is believed as far as it names instances: a status of 200 alone proves nothing.
public struct STOWAnswer: Hashable, Sendable {
    /// SOP Instance UIDs that the server says it has stored, with the warning if it gave one.
    public let stored: [String: UInt16?]
    /// Those that it refused, by reason.
    public let failed: [String: UInt16]
    /// Reasons for what it could not name.
    public let otherFailures: [UInt16]

    /// - Parameters:
    ///   - status: Of HTTP.
    ///   - body: DICOM JSON.
    /// - Throws: `DICOMWebError` of code `badAnswer` where the status says that the request was not taken, or the body says nothing of
    /// instances.
    public init(status: Int, body: Data) throws {
        guard [200, 202, 409].contains(status) else { throw DICOMWebError(.badAnswer, "the server answered with status \(status)") }
        guard let dataset = try? DICOMJSON.datasets(body).first else {
            throw DICOMWebError(.badAnswer, "the server answered with status \(status), but not which instances it has stored")
        }
        var (stored, failed) = ([String: UInt16?](), [String: UInt16]())
        for item in dataset.items(.referencedSOPSequence) {
            guard let uid = item.text(.referencedSOPInstanceUID) else { continue }
            stored.updateValue(item.integer(.warningReason).flatMap { UInt16(exactly: $0) }, forKey: uid)
        }
        for item in dataset.items(.failedSOPSequence) {
            guard let uid = item.text(.referencedSOPInstanceUID) else { continue }
            failed[uid] = item.integer(.failureReason).flatMap { UInt16(exactly: $0) } ?? STOWResponse.Failure.processingFailure.rawValue
            // Of one that stands in both, the worse is believed.
            stored.removeValue(forKey: uid)
        }
        (self.stored, self.failed) = (stored, failed)
        otherFailures = dataset.items(.otherFailuresSequence).map { item in
            item.integer(.failureReason).flatMap { UInt16(exactly: $0) } ?? STOWResponse.Failure.processingFailure.rawValue
        }
    }

    /// Of the instances that were sent, those that the server does not say it has.
    public func missing(of sent: some Sequence<String>) -> [String] { sent.filter { stored[$0] == nil } }
}
