import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOHTTP1

/// Stands first: every answer, errors too, gets the headers that keep a browser from doing what nobody wants, and every error becomes a `Problem`.
struct SecurityHeaders: RouterMiddleware {
    typealias Context = WorkstationContext
    let isTLS: Bool
    let metrics: Metrics
    /// Which methods a path has; for 405.
    let methods: @Sendable (String) -> [HTTPRequest.Method]

    static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; worker-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"

    func handle(_ request: Request, context: Context, next: (Request, Context) async throws -> Response) async throws -> Response {
        let start = ContinuousClock.now
        var response: Response
        do {
            response = try await next(request, context)
        } catch let error as HTTPParserError {
            // Chunks that are none: Hummingbird answers 400 and closes.
            throw error
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            var problem = Problem(error)
            if problem.status == .notFound, error is HTTPError {
                let allowed = methods(request.uri.path)
                problem =
                    allowed.isEmpty
                    ? Problem.notFound("address")
                    : Problem(
                        .methodNotAllowed, "method_not_allowed", "this address does not take \(request.method.rawValue)",
                        headers: [.allow: allowed.map(\.rawValue).joined(separator: ", ")])
            }
            if problem.status.code >= 500 {
                context.logger.error("\(request.method.rawValue): \(problem.code)", metadata: ["id": "\(context.id)"])
            }
            response = try problem.response(from: request, context: context)
        }
        response.headers[.contentSecurityPolicy] = Self.policy
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[Name.referrerPolicy] = "no-referrer"
        response.headers[Name.openerPolicy] = "same-origin"
        response.headers[Name.resourcePolicy] = "same-origin"
        response.headers[Name.permissionsPolicy] = "camera=(), microphone=(), geolocation=()"
        if isTLS { response.headers[.strictTransportSecurity] = "max-age=31536000" }
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        metrics.answered(response.status.code, after: .now - start)
        return response
    }

    private enum Name {
        static let referrerPolicy = name("Referrer-Policy")
        static let openerPolicy = name("Cross-Origin-Opener-Policy")
        static let resourcePolicy = name("Cross-Origin-Resource-Policy")
        static let permissionsPolicy = name("Permissions-Policy")

        private static func name(_ text: String) -> HTTPField.Name { HTTPField.Name(text) ?? .server }
    }
}
