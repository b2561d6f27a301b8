import Archive
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// A file that never changes, handed out whole or in part (RFC 9110: ETag, If-None-Match, If-Range, one Range).
struct StoredFile {
    let path: String
    let size: Int
    let etag: String
    let type: String
    let name: String

    /// - Throws: `Problem`, 404, where the bytes are not there.
    init(_ instance: Instance, in content: ContentStore) throws {
        path = content.url(of: instance.digest).path
        guard let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size]) as? Int else { throw Problem.notFound("file") }
        self.size = size
        etag = "\"\(instance.digest.prefix(32))\""
        type =
            switch instance.format {
            case "DICOM": "application/dicom"
            case "PNG": "image/png"
            case "JPEG": "image/jpeg"
            default: "application/octet-stream"
            }
        // The sender's name may tell who the patient is, and would be kept by the browser among its downloads.
        name = instance.id.rawValue + (instance.format == "DICOM" ? ".dcm" : "." + instance.format.lowercased())
    }

    func response(to request: Request, context: WorkstationContext) async throws -> Response {
        var headers: HTTPFields = [
            .eTag: etag, .acceptRanges: "bytes", .contentType: type, .cacheControl: "private, max-age=86400, immutable",
            .contentDisposition: "attachment; filename=\"\(name)\"",
        ]
        if request.headers[.ifNoneMatch].map({ $0 == "*" || $0.contains(etag) }) == true {
            return Response(status: .notModified, headers: headers)
        }
        let mayRange = request.headers[.ifRange].map { $0 == etag } ?? true
        if mayRange, let wanted = request.headers[.range].flatMap({ Self.range($0, size: size) }) {
            guard case .part(let range) = wanted else {
                throw Problem(.rangeNotSatisfiable, "bad_range", "the file has \(size) bytes", headers: [.contentRange: "bytes */\(size)"])
            }
            headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound)/\(size)"
            return Response(
                status: .partialContent, headers: headers,
                body: try await FileIO().loadFile(path: path, range: range, context: context, chunkLength: Self.chunk))
        }
        return Response(
            status: .ok, headers: headers, body: try await FileIO().loadFile(path: path, context: context, chunkLength: Self.chunk))
    }

    /// Bytes that are read at once: few enough that many downloads side by side need little memory.
    private static let chunk = 1 << 20

    enum Wanted: Equatable {
        case part(ClosedRange<Int>)
        case beyond
    }

    /// `nil` for what is no range of bytes, and for several: the answer is then the whole file.
    static func range(_ text: String, size: Int) -> Wanted? {
        guard text.hasPrefix("bytes="), !text.contains(",") else { return nil }
        let parts = text.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        switch (Int(parts[0]), Int(parts[1])) {
        case (let first?, let last?) where first >= 0 && first <= last:
            return first < size ? .part(first...min(last, size - 1)) : .beyond
        case (let first?, nil) where parts[1].isEmpty && first >= 0: return first < size ? .part(first...(size - 1)) : .beyond
        case (nil, let count?) where parts[0].isEmpty && count >= 0:
            return count > 0 && size > 0 ? .part(max(0, size - count)...(size - 1)) : .beyond
        default: return nil
        }
    }
}
