import Foundation

extension SQLArchive {
    public func users() async throws -> [User] {
        try await read { db in try db.values("SELECT * FROM user ORDER BY name", [], Self.user) }
    }

    public func user(_ name: String) async throws -> User? {
        try await read { db in try db.firstRow("SELECT * FROM user WHERE name = ?", [name]).map(Self.user) }
    }

    public func addUser(_ user: User) async throws {
        try await write { db in
            try db.run(
                "INSERT INTO user (name, role, password_hash, is_disabled, made, last_login) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                [
                    user.name, user.role.rawValue, user.passwordHash, user.isDisabled ? 1 : 0, user.made.milliseconds,
                    user.lastLogin?.milliseconds,
                ])
            guard db.changesCount == 1 else { throw ArchiveError(.exists, "there is a user of that name") }
        }
    }

    public func updateUser(_ user: User) async throws {
        try await write { db in
            try db.run(
                "UPDATE user SET role = ?, password_hash = ?, is_disabled = ?, made = ?, last_login = ? WHERE name = ?",
                [
                    user.role.rawValue, user.passwordHash, user.isDisabled ? 1 : 0, user.made.milliseconds, user.lastLogin?.milliseconds,
                    user.name,
                ])
            guard db.changesCount == 1 else { throw ArchiveError(.notFound, "there is no such user") }
        }
    }

    private static func user(_ row: Row) throws -> User {
        User(
            name: try row.needed(row.text("name")), role: try row.word("role"), passwordHash: try row.needed(row.text("password_hash")),
            isDisabled: row.integer("is_disabled") != 0, made: try row.needed(row.date("made")), lastLogin: row.date("last_login"))
    }

    public func addSession(_ session: UserSession) async throws {
        try await write { db in
            try db.run(
                """
                INSERT INTO session (token_digest, user, role, began, last_used, ends) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (token_digest) DO UPDATE SET user = excluded.user, role = excluded.role, began = excluded.began,
                  last_used = excluded.last_used, ends = excluded.ends
                """,
                [
                    session.tokenDigest, session.user, session.role.rawValue, session.began.milliseconds, session.lastUsed.milliseconds,
                    session.ends.milliseconds,
                ])
        }
    }

    public func session(tokenDigest: String) async throws -> UserSession? {
        try await read { db in
            try db.firstRow("SELECT * FROM session WHERE token_digest = ?", [tokenDigest]).map { row in
                UserSession(
                    tokenDigest: tokenDigest, user: try row.needed(row.text("user")), role: try row.word("role"),
                    began: try row.needed(row.date("began")), lastUsed: try row.needed(row.date("last_used")),
                    ends: try row.needed(row.date("ends")))
            }
        }
    }

    public func touchSession(tokenDigest: String, lastUsed: Date, ends: Date) async throws {
        try await write { db in
            try db.run(
                "UPDATE session SET last_used = ?, ends = ? WHERE token_digest = ?",
                [lastUsed.milliseconds, ends.milliseconds, tokenDigest])
        }
    }

    public func endSession(tokenDigest: String) async throws {
        try await write { db in try db.run("DELETE FROM session WHERE token_digest = ?", [tokenDigest]) }
    }

    public func endSessions(of user: String, except tokenDigest: String?) async throws {
        try await write { db in try db.run("DELETE FROM session WHERE user = ? AND token_digest IS NOT ?", [user, tokenDigest]) }
    }

    public func removeEndedSessions(now: Date) async throws {
        try await write { db in
            try db.run("DELETE FROM session WHERE ends <= ?", [now.milliseconds])
            try db.run("DELETE FROM link WHERE ends <= ?", [now.milliseconds])
        }
    }

    public func addOneTimeLink(tokenDigest: String, ends: Date) async throws {
        try await write { db in
            try db.run(
                "INSERT INTO link (token_digest, ends) VALUES (?, ?) ON CONFLICT (token_digest) DO UPDATE SET ends = excluded.ends",
                [tokenDigest, ends.milliseconds])
        }
    }

    public func redeemOneTimeLink(tokenDigest: String, now: Date) async throws -> Bool {
        try await write { db in
            let row = try db.firstRow("DELETE FROM link WHERE token_digest = ? RETURNING ends", [tokenDigest])
            return (row?.integer("ends") ?? .min) > now.milliseconds
        }
    }

    public func setting(_ name: String) async throws -> Data? {
        try await read { db in try db.firstRow("SELECT value FROM setting WHERE name = ?", [name])?.bytes("value") }
    }

    public func setSetting(_ name: String, _ value: Data?) async throws {
        try await write { db in
            guard let value else { return try db.run("DELETE FROM setting WHERE name = ?", [name]) }
            try db.run(
                "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", [name, value])
        }
    }
}
