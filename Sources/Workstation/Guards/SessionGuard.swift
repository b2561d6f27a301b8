import Hummingbird
import HummingbirdCore

/// Puts the session into the context, or answers 401.
struct SessionGuard: RouterMiddleware {
    typealias Context = WorkstationContext
    let sessions: Sessions

    func handle(_ request: Request, context: Context, next: (Request, Context) async throws -> Response) async throws -> Response {
        guard let token = request.cookies[sessions.cookieName]?.value, let session = try await sessions.session(token) else {
            throw Problem(.unauthorized, "no_session", "nobody is logged in")
        }
        var context = context
        context.session = session
        return try await next(request, context)
    }
}
