import Archive
import Foundation
import HTTPTypes
import Hummingbird

extension WorkstationAPI {
    private struct UserWire: Encodable {
        var name: String
        var role: Role
        var disabled: Bool
        var made: Date
        var lastLogin: Date?

        init(_ user: User) { (name, role, disabled, made, lastLogin) = (user.name, user.role, user.isDisabled, user.made, user.lastLogin) }
    }

    func administrationRoutes(_ routes: Routes) {
        routes.get("/api/v1/users") { _, context in
            struct Users: Encodable { var users: [UserWire] }
            try context.requireAdministrator()
            return try JSONText.response(Users(users: try await archive.users().map(UserWire.init)))
        }
        routes.post("/api/v1/users") { request, context in
            struct New: Decodable {
                let name: String
                let role: Role
                let password: String
            }
            try context.requireAdministrator()
            let new = try await request.json(New.self, upTo: 16_384)
            let user = try await Self.newUser(new.name, role: new.role, password: new.password, passwords: passwords)
            try await archive.addUser(user)
            try await audit.note("user.add", by: context.user, "\(user.name), \(user.role.rawValue)")
            return try JSONText.response(UserWire(user), status: .created)
        }
        routes.on(.patch, "/api/v1/users/{name}") { request, context in
            struct Change: Decodable {
                var role: Role?
                var disabled: Bool?
                var password: String?
            }
            try context.requireAdministrator()
            guard var user = try await archive.user(context.parameters.get("name")?.removingPercentEncoding ?? "") else {
                throw Problem.notFound("user")
            }
            let change = try await request.json(Change.self, upTo: 16_384)
            if user.name == context.user, change.role == .reader || change.disabled == true {
                throw Problem(.conflict, "own_account", "an administrator cannot take the own account's rights away")
            }
            if let role = change.role { user.role = role }
            if let disabled = change.disabled { user.isDisabled = disabled }
            if let password = change.password {
                try Self.check(password: password)
                user.passwordHash = try await passwords.hash(password)
            }
            try await archive.updateUser(user)
            // What a session may do is fixed when it begins.
            try await sessions.endAll(of: user.name, except: user.name == context.user ? context.session?.tokenDigest : nil)
            try await audit.note("user.change", by: context.user, user.name)
            return try JSONText.response(UserWire(user))
        }
        routes.get("/api/v1/audit") { request, context in try await audit(request, context) }
    }

    private struct AuditWire: Encodable {
        struct Entry: Encodable {
            var number: Int64
            var time: Date
            var user: String
            var action: String
            var study: String?
            var detail: String
            var hash: String
        }
        var entries: [Entry]
        var next: Int64?
        var chain: String
        var firstBroken: Int64?
    }

    private func audit(_ request: Request, _ context: WorkstationContext) async throws -> Response {
        try context.requireAdministrator()
        let limit = try request.number("limit", default: 100, in: 1...1_000)
        let before = try request.text("after").map { text in
            guard let number = Int64(text) else {
                throw Problem(.unprocessableContent, "bad_parameter", "after is the next of an earlier answer")
            }
            return number
        }
        let study = try request.text("study").map { text in
            guard let id = StudyID(rawValue: text) else { throw Problem(.unprocessableContent, "bad_parameter", "study is a study's id") }
            return id
        }
        let entries = try await archive.auditEntries(user: request.text("user"), study: study, before: before, limit: limit)
        let broken = try await archive.firstBrokenAuditEntry()
        try await audit.note("audit.view", by: context.user)
        return try JSONText.response(
            AuditWire(
                entries: entries.map {
                    AuditWire.Entry(
                        number: $0.number, time: $0.time, user: $0.user, action: $0.action, study: $0.study?.rawValue, detail: $0.detail,
                        hash: $0.hash)
                }, next: entries.count == limit ? entries.last?.number : nil, chain: broken == nil ? "intact" : "broken",
                firstBroken: broken))
    }

    /// - Throws: `Problem`, 422.
    static func newUser(_ name: String, role: Role, password: String, passwords: Passwords) async throws -> User {
        let name = name.lowercased()
        guard (1...64).contains(name.utf8.count), name != Sessions.localUser,
            name.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) || [45, 46, 95, 64].contains($0) })
        else {
            throw Problem(
                .unprocessableContent, "bad_name",
                "a user's name has 1 to 64 letters, digits, and . - _ @, and is not \(Sessions.localUser)")
        }
        try check(password: password)
        return User(name: name, role: role, passwordHash: try await passwords.hash(password), made: Date())
    }
}
