import Foundation

/// What parts of a multipart body lie between (RFC 2046 5.1.1).
public enum MultipartBoundary {
    /// RFC 2046 allows 70 characters; Orthanc writes 73.
    public static let longest = 256

    /// Of a Content-Type `multipart/related`.
    /// - Throws: `DICOMWebError`: another type, or no boundary.
    public static func of(contentType: String) throws -> (boundary: String, type: MediaType?) {
        guard let media = MediaType(contentType), media.essence == "multipart/related" else {
            throw DICOMWebError(.unsupportedMediaType, "the body is to be multipart/related")
        }
        guard let boundary = media.parameters["boundary"], !boundary.isEmpty, boundary.utf8.count <= longest,
            boundary.utf8.allSatisfy({ (0x20...0x7E).contains($0) }), !boundary.hasSuffix(" ")
        else { throw DICOMWebError(.badMultipart, "the body's type has no boundary of 1 to \(longest) ASCII characters") }
        return (boundary, media.parameters["type"].flatMap { MediaType($0) })
    }

    /// Of 128 random bits: no content has it but by knowing it.
    public static func random() -> String {
        "pleura-" + UUID().uuidString.filter { $0 != "-" }.lowercased()
    }
}
