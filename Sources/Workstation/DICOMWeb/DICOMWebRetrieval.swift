import Archive
import Basics
import DICOMWeb
import Department
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

/// Retrieving (WADO-RS, PS3.18 10.4). Everything leaves as it is stored: nothing is encoded anew.
extension WorkstationAPI {
    func retrieve(_ request: Request, _ context: WorkstationContext) async throws -> Response {
        let objects = try await objects(context)
        let isOne = context.parameters.get("instance") != nil
        let syntaxes = try await metadata(objects, nil).map(\.transferSyntax)
        let type = try Representation.instances(accept: request.headers[.accept], stored: Set(syntaxes), isOne: isOne)
        try await audit.note("file.view", by: context.user, study: objects[0].study.id, "\(objects.count) by DICOMweb")
        let web = webAddress(request)
        let parts = try zip(objects, syntaxes).map { object, syntax in
            MultipartBody.Part(
                [try Self.file(object, archive.content)],
                contentType: Representation("application/dicom", transferSyntax: syntax).contentType, location: object.address(web))
        }
        return response(parts, type)
    }

    func retrieveMetadata(_ request: Request, _ context: WorkstationContext) async throws -> Response {
        let type = try Representation.json(accept: request.headers[.accept])
        let objects = try await objects(context)
        let headers = try await metadata(objects, webAddress(request))
        try await audit.note("study.view", by: context.user, study: objects[0].study.id, "\(objects.count) headers by DICOMweb")
        return Self.dicomJSON(InstanceMetadata.array(headers.map(\.json)), type)
    }

    func retrieveFrames(_ request: Request, _ context: WorkstationContext) async throws -> Response {
        let numbers = try StoredFrames.numbers(context.parameters.get("frames") ?? "")
        let object = try await object(context)
        let (content, accept) = (archive.content, request.headers[.accept])
        let (type, parts) = try await department.work.run { () -> (Representation, [MultipartBody.Part]) in
            let frames = try StoredFrames(content.bytes(of: object.digest))
            let type = try Representation.frames(accept: accept, stored: frames.transferSyntax, isOne: numbers.count == 1)
            let url = content.url(of: object.digest)
            return (
                type,
                try numbers.map { number in
                    // Big-endian words are turned round; all else is read from the file while it is sent.
                    let pieces: [MultipartBody.Content] =
                        frames.transferSyntax == "1.2.840.10008.1.2.2"
                        ? [.data(try frames.bytes(ofFrame: number))]
                        : try frames.ranges(ofFrame: number).map { .file(url, offset: $0.lowerBound, count: $0.count) }
                    return MultipartBody.Part(pieces, contentType: type.contentType)
                }
            )
        }
        try await audit.note("image.view", by: context.user, study: object.study.id, "\(numbers.count) frames by DICOMweb")
        return response(parts, type)
    }

    func retrieveBulkData(_ request: Request, _ context: WorkstationContext) async throws -> Response {
        let object = try await object(context)
        let path = ["tag", "item", "inner", "innerItem", "innermost"].compactMap { context.parameters.get($0) }.joined(separator: "/")
        let content = archive.content
        let bytes = try await department.work.run { try BulkData.bytes(of: content.bytes(of: object.digest), path: path) }
        // Values leave in little-endian order, whatever the file's is.
        let type = try Representation.frames(accept: request.headers[.accept], stored: "1.2.840.10008.1.2.1", isOne: true)
        try await audit.note("file.view", by: context.user, study: object.study.id, "bulk data by DICOMweb")
        return response([MultipartBody.Part([.data(bytes)], contentType: type.contentType)], type)
    }

    /// A JPEG as the file wants the image to be seen, without boxes.
    func retrieveRendered(_ request: Request, _ context: WorkstationContext) async throws -> Response {
        let type = try Representation.rendered(accept: request.headers[.accept], offered: ["image/jpeg"])
        guard request.text("window") == nil else {
            throw DICOMWebError(.badRequest, "another window is not rendered; images come as their file wants them to be seen")
        }
        let side = try Self.side(request.text("viewport"))
        let numbers = try context.parameters.get("frames").map { try StoredFrames.numbers($0) } ?? [1]
        guard numbers.count == 1 else { throw DICOMWebError(.badRequest, "one frame is rendered at once") }
        let object = try await object(context)
        let jpeg = try await department.pictures.plain(object.instance, frame: numbers[0], side: side)
        try await audit.note("image.view", by: context.user, study: object.study.id, "rendered for DICOMweb")
        return Response(status: .ok, headers: [.contentType: type.contentType], body: .init(byteBuffer: ByteBuffer(bytes: jpeg)))
    }

    /// The longer side of `viewport=WIDTH,HEIGHT` (PS3.18 8.3.5.1.3), as far as pictures are made.
    private static func side(_ viewport: String?) throws -> Int {
        guard let viewport else { return 4_096 }
        let numbers = viewport.split(separator: ",", omittingEmptySubsequences: false).prefix(2).compactMap { Double($0) }
        guard numbers.count == 2, numbers.allSatisfy({ $0 >= 1 && $0 <= 65_535 }) else {
            throw DICOMWebError(.badRequest, "viewport is a width and a height in pixels, with a comma")
        }
        return max(16, min(8_192, Int(max(numbers[0], numbers[1]))))
    }

    private static func file(_ object: StoredObject, _ content: ContentStore) throws -> MultipartBody.Content {
        do {
            return try .file(content.url(of: object.digest))
        } catch {
            throw Problem.notFound("file")
        }
    }

    /// The parts as multipart, or the only one by itself.
    private func response(_ parts: [MultipartBody.Part], _ type: Representation) -> Response {
        guard type.isMultipart else {
            let pieces = parts.first?.pieces ?? []
            return Response(
                status: .ok, headers: [.contentType: parts.first?.contentType ?? type.contentType],
                body: body(pieces, count: pieces.reduce(0) { $0 + $1.count }))
        }
        let writer = MultipartWriter(type: type.essence)
        let multipart = MultipartBody(parts, writer: writer)
        return Response(status: .ok, headers: [.contentType: writer.contentType], body: body(multipart.contents, count: multipart.count))
    }

    /// Memory is one piece, whatever is sent. A file that became shorter ends the connection before its time.
    private func body(_ contents: [MultipartBody.Content], count: Int) -> ResponseBody {
        let work = department.work
        return ResponseBody(contentLength: count) { writer in
            for content in contents {
                switch content {
                case .data(let data): try await writer.write(ByteBuffer(bytes: data))
                case .file(let url, let offset, let count):
                    var done = 0
                    while done < count {
                        let (start, length) = (offset + done, min(count - done, Self.piece))
                        let piece = try await work.run { try Self.read(url, from: start, length) }
                        try await writer.write(ByteBuffer(bytes: piece))
                        done += length
                    }
                }
            }
            try await writer.finish(nil)
        }
    }

    private static let piece = 1 << 20

    private static func read(_ url: URL, from start: Int, _ length: Int) throws -> Data {
        let handle = try FileHandle(forReadingFrom: url)
        defer { try? handle.close() }
        try handle.seek(toOffset: UInt64(start))
        guard let data = try handle.read(upToCount: length), data.count == length else {
            throw ArchiveError(.cannotRead, "a file became shorter")
        }
        return data
    }
}
