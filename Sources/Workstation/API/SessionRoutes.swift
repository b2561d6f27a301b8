import Archive
import Findings
import Foundation
import HTTPTypes
import Hummingbird

extension WorkstationAPI {
    private struct Login: Decodable {
        let name: String
        let password: String
    }

    private struct SessionWire: Encodable {
        var user: String
        var role: Role
        var accounts: Bool
        var expires: Date
        var version: String
        var notice: String
        var preferences: JSONValue
    }

    func sessionOpenRoutes(_ routes: Routes) {
        routes.post("/api/v1/session") { request, context in
            let login = try await request.json(Login.self, upTo: 16_384)
            guard login.name.utf8.count <= 256, login.password.utf8.count <= Passwords.longest else {
                throw Problem(.unprocessableContent, "too_long", "a name or password that is too long")
            }
            let name = login.name.lowercased()
            let counted = ["user " + name, "address " + context.address]
            if let wait = throttle.delay(counted) {
                throw Problem(
                    .tooManyRequests, "wait", "too many failed log-ins; wait \(Int(wait.rounded(.up))) seconds",
                    headers: [.retryAfter: String(Int(wait.rounded(.up)))])
            }
            let user = try await archive.user(name)
            let isRight = try await passwords.matches(login.password, user?.passwordHash)
            guard var user, isRight, !user.isDisabled else {
                throttle.failed(counted)
                // A name that is no account may be a password typed into the wrong field.
                try await audit.note("login.failed", by: user?.name ?? "", "from \(context.address)")
                throw Problem(.unauthorized, "wrong_password", "wrong name or password")
            }
            throttle.succeeded(counted)
            user.lastLogin = Date()
            try await archive.updateUser(user)
            try await audit.note("login", by: user.name, "from \(context.address)")
            var response = Response(status: .noContent)
            response.setCookie(try await sessions.begin(user.name, role: user.role))
            return response
        }
    }

    func sessionRoutes(_ routes: Routes) {
        routes.get("/api/v1/session") { _, context in
            let kept = try await archive.setting(Self.preferencesName(context.user))
            let preferences = kept.flatMap { try? JSONDecoder().decode(JSONValue.self, from: $0) } ?? .object([:])
            guard let session = context.session else { throw Problem(.unauthorized, "no_session", "nobody is logged in") }
            return try JSONText.response(
                SessionWire(
                    user: session.user, role: session.role, accounts: session.user != Sessions.localUser, expires: session.ends,
                    version: version, notice: Notice.researchUseOnly, preferences: preferences))
        }
        routes.delete("/api/v1/session") { request, context in
            if let token = request.cookies[sessions.cookieName]?.value { try await sessions.end(token) }
            try await audit.note("logout", by: context.user)
            var response = Response(status: .noContent)
            response.setCookie(sessions.endedCookie)
            return response
        }
        routes.put("/api/v1/session/preferences") { request, context in
            let bytes = try await request.jsonBytes(upTo: 65_536)
            guard case .object = try? JSONDecoder().decode(JSONValue.self, from: bytes) else {
                throw Problem(.unprocessableContent, "unreadable", "preferences are a JSON object")
            }
            try await archive.setSetting(Self.preferencesName(context.user), bytes)
            return Response(status: .noContent)
        }
        routes.put("/api/v1/session/password") { request, context in
            struct Change: Decodable {
                let old: String
                let new: String
            }
            let change = try await request.json(Change.self, upTo: 16_384)
            guard var user = try await archive.user(context.user) else {
                throw Problem(.forbidden, "no_account", "this session has no account with a password")
            }
            let counted = ["user " + user.name]
            if let wait = throttle.delay(counted) {
                throw Problem(
                    .tooManyRequests, "wait", "too many failed tries", headers: [.retryAfter: String(Int(wait.rounded(.up)))])
            }
            guard change.old.utf8.count <= Passwords.longest, try await passwords.matches(change.old, user.passwordHash) else {
                throttle.failed(counted)
                throw Problem(.forbidden, "wrong_password", "the old password is wrong")
            }
            try Self.check(password: change.new)
            user.passwordHash = try await passwords.hash(change.new)
            try await archive.updateUser(user)
            try await sessions.endAll(of: user.name, except: context.session?.tokenDigest)
            try await audit.note("user.password", by: user.name)
            return Response(status: .noContent)
        }
    }

    /// - Throws: `Problem`, 422.
    static func check(password: String) throws {
        guard password.count >= Passwords.shortest, password.utf8.count <= Passwords.longest else {
            throw Problem(
                .unprocessableContent, "bad_password",
                "a password has at least \(Passwords.shortest) characters and at most \(Passwords.longest) bytes")
        }
    }

    private static func preferencesName(_ user: String) -> String { "preferences " + user }
}
