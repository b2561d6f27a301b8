import Archive
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

extension WorkstationAPI {
    /// The page's files, which everybody may have, and the one-time link.
    func pageRoutes(_ routes: Routes) {
        routes.get("/") { request, _ in
            guard let token = request.text("token") else { return try Self.file("index.html", request) }
            // Beyond loopback only accounts open the door.
            guard configuration.listen.isLoopback else { return Response.redirect(to: "/#/login", type: .normal) }
            // Out of the address bar and the history: a cookie and another address.
            guard try await archive.redeemOneTimeLink(tokenDigest: Sessions.digest(token), now: Date()) else {
                try await audit.note("link.refused", by: "")
                return Response.redirect(to: "/#/login?used", type: .normal)
            }
            try await audit.note("login", by: Sessions.localUser, "by one-time link")
            var response = Response.redirect(to: "/", type: .normal)
            response.setCookie(try await sessions.begin(Sessions.localUser, role: .administrator))
            return response
        }
        routes.get("/favicon.ico") { request, _ in try Self.file("favicon.svg", request) }
        routes.get("/openapi.json") { request, _ in try Self.file("openapi.json", request) }
        routes.get("/assets/{name}") { request, context in
            try Self.file(context.parameters.get("name") ?? "", request)
        }
    }

    private static func file(_ name: String, _ request: Request) throws -> Response {
        guard let file = PageFile.all[name] else { throw Problem.notFound("file") }
        var headers: HTTPFields = [.eTag: file.etag, .contentType: file.type, .cacheControl: "no-cache", .vary: "Accept-Encoding"]
        if request.headers[.ifNoneMatch]?.contains(file.etag) == true { return Response(status: .notModified, headers: headers) }
        let packed = request.headers[.acceptEncoding]?.contains("gzip") == true ? file.gzip : nil
        if packed != nil { headers[.contentEncoding] = "gzip" }
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: packed ?? file.bytes)))
    }
}
