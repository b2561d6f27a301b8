import HTTPTypes
import Hummingbird
import HummingbirdCore

/// Refuses what a foreign page sends in the user's name, and names that are not ours: a foreign name that leads to this machine (DNS rebinding) is the
/// danger of a server on loopback.
struct OriginGuard: RouterMiddleware {
    typealias Context = WorkstationContext
    /// "127.0.0.1:8080", "localhost:8080", the site's name; asked at each request, for the port may be known only when the server runs.
    let hosts: @Sendable () -> Set<String>

    private static let site = HTTPField.Name("Sec-Fetch-Site") ?? .server

    func handle(_ request: Request, context: Context, next: (Request, Context) async throws -> Response) async throws -> Response {
        let isByToken = BearerToken.isAlone(in: request)
        guard let host = request.head.authority?.lowercased(), Self.known(host, in: hosts(), withoutPort: isByToken) != nil else {
            throw Problem(
                .init(code: 421, reasonPhrase: "Misdirected Request"), "wrong_host",
                "this server is called otherwise; its configuration names the hosts it answers for")
        }
        if ![.get, .head, .options].contains(request.method), !isByToken {
            // Browsers send one or both, and no page can change them. A program sends neither, and nobody abuses its cookie.
            let isForeignSite = request.headers[Self.site].map { $0 != "same-origin" } ?? false
            let isForeignOrigin = request.headers[.origin].map { !$0.lowercased().hasSuffix("://" + host) } ?? false
            if isForeignSite || isForeignOrigin { throw Problem(.forbidden, "foreign_origin", "a request from another site") }
        }
        return try await next(request, context)
    }

    /// A name of ours as it is written whole.
    /// - Parameter withoutPort: Whether the port may be missing: some programs leave it out (dicomweb-client), and no page of another site has their tokens.
    static func known(_ host: String, in hosts: Set<String>, withoutPort: Bool) -> String? {
        if hosts.contains(host) { return host }
        return withoutPort && !host.isEmpty ? hosts.first { $0.hasPrefix(host + ":") && !$0.dropFirst(host.count + 1).contains(":") } : nil
    }
}
