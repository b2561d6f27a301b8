import Archive
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// Puts the session into the context, or answers 401. Persons come by a cookie, programs by a bearer token; neither takes the other's way.
struct SessionGuard: RouterMiddleware {
    typealias Context = WorkstationContext
    let sessions: Sessions

    func handle(_ request: Request, context: Context, next: (Request, Context) async throws -> Response) async throws -> Response {
        guard let session = try await session(of: request) else {
            throw Problem(
                .unauthorized, "no_session", "nobody is logged in", headers: [.wwwAuthenticate: "Bearer realm=\"pleura\""])
        }
        var context = context
        context.session = session
        return try await next(request, context)
    }

    private func session(of request: Request) async throws -> UserSession? {
        if let field = request.headers[.authorization] {
            guard let token = BearerToken.of(field), let session = try await sessions.session(token), session.isToken else { return nil }
            return session
        }
        guard let token = request.cookies[sessions.cookieName]?.value, let session = try await sessions.session(token), !session.isToken
        else { return nil }
        return session
    }
}

/// `Authorization: Bearer …` (RFC 6750, 2.1).
enum BearerToken {
    /// `nil` for another scheme, and for what is no token.
    static func of(_ field: String) -> String? {
        let parts = field.split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count == 2, parts[0].lowercased() == "bearer", (1...256).contains(parts[1].utf8.count) else { return nil }
        return String(parts[1])
    }

    /// Whether a request comes by a token alone. No page of another site can send one, so nothing is to be feared of its origin.
    static func isAlone(in request: Request) -> Bool {
        (request.headers[.cookie] ?? "").isEmpty && request.headers[.authorization].map { of($0) != nil } == true
    }
}
