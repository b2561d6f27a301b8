import Archive
import Basics
import Foundation
import HTTPTypes

/// Bearer tokens (RFC 6750), by which other programs come in without a cookie. A token is a session with a far end whose user is `token:NAME`, so the
/// audit trail names it; no account has a colon in its name.
public struct AccessTokens: Sendable {
    /// What is told of a token. The token itself is shown once, when it is made, and only its digest is kept.
    public struct Entry: Hashable, Sendable, Codable {
        public var name: String
        public var role: Role
        public var made: Date
        public var ends: Date
        /// When it was last used, to the minute; `nil` where it was not.
        public var lastUsed: Date?
        fileprivate var digest: String
    }

    private let archive: any Archive
    private static let setting = "tokens"
    private static let operatorName = "operator"
    static let prefix = "token:"
    /// Days that a token may hold.
    public static let days = 1...3_660

    public init(archive: any Archive) { self.archive = archive }

    /// Makes a token.
    /// - Returns: The token, which nobody can ask for again.
    /// - Throws: An error that `Accounts.reason` puts into words: a name that is none, or is in use; `ArchiveError`.
    public func add(_ name: String, role: Role, days: Int, now: Date = Date()) async throws -> String {
        let name = name.lowercased()
        guard (1...64).contains(name.utf8.count),
            name.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) || [45, 46, 95].contains($0) })
        else {
            throw Problem(.unprocessableContent, "bad_name", "a token's name has 1 to 64 letters, digits, and . - _")
        }
        guard Self.days.contains(days) else {
            throw Problem(.unprocessableContent, "bad_parameter", "a token holds 1 to \(Self.days.upperBound) days")
        }
        var known = try await kept()
        if let old = known.first(where: { $0.name == name }),
            try await archive.session(tokenDigest: old.digest).map({ $0.ends > now }) == true
        {
            throw Problem(.conflict, "exists", "there is a token of that name; end it first")
        }
        let token = Sessions.newToken()
        let ends = now.addingTimeInterval(Double(days) * 86_400)
        let digest = Sessions.digest(token)
        // Listed first: a token that works and is not listed could not be ended.
        known.removeAll { $0.name == name }
        known.append(Entry(name: name, role: role, made: now, ends: ends, digest: digest))
        try await keep(known)
        try await archive.addSession(
            UserSession(tokenDigest: digest, user: Self.prefix + name, role: role, began: now, lastUsed: now, ends: ends))
        try await archive.appendAudit([
            AuditEvent(user: Self.operatorName, action: "token.add", detail: "\(name), \(role.rawValue), \(days) days")
        ])
        return token
    }

    /// Those that hold, by name.
    public func all(now: Date = Date()) async throws -> [Entry] {
        var entries: [Entry] = []
        for var entry in try await kept() {
            guard let session = try await archive.session(tokenDigest: entry.digest), session.ends > now else { continue }
            entry.lastUsed = session.lastUsed > session.began ? session.lastUsed : nil
            entries.append(entry)
        }
        return entries.sorted { $0.name < $1.name }
    }

    /// Ends a token. A server that runs takes it for some seconds more.
    /// - Throws: An error that `Accounts.reason` puts into words, where there is none of that name.
    public func end(_ name: String) async throws {
        let name = name.lowercased()
        var known = try await kept()
        guard known.contains(where: { $0.name == name }) else { throw Problem.notFound("token") }
        try await archive.endSessions(of: Self.prefix + name, except: nil)
        known.removeAll { $0.name == name }
        try await keep(known)
        try await archive.appendAudit([AuditEvent(user: Self.operatorName, action: "token.end", detail: name)])
    }

    private func kept() async throws -> [Entry] {
        guard let data = try await archive.setting(Self.setting) else { return [] }
        guard let entries = try? JSONDecoder().decode([Entry].self, from: data) else {
            throw ArchiveError(.cannotRead, "the list of tokens cannot be read")
        }
        return entries
    }

    private func keep(_ entries: [Entry]) async throws {
        try await archive.setSetting(Self.setting, try JSONEncoder().encode(entries))
    }
}

extension UserSession {
    /// Whether a program comes in by it, with a bearer token.
    var isToken: Bool { user.hasPrefix(AccessTokens.prefix) }
}
