import Archive
import Basics
import Foundation
import Hummingbird
import Synchronization

/// Sessions by cookie. They are rows of the archive, so they outlive a restart; what is asked for at every request is remembered for a moment.
final class Sessions: Sendable {
    /// The user of a server on loopback that has no accounts.
    static let localUser = "local"
    static let idle: TimeInterval = 60 * 60
    static let longest: TimeInterval = 12 * 60 * 60
    /// How long an answer of the archive holds: a session that another program ends lives so much longer.
    private static let memory: TimeInterval = 5
    /// How often the archive is told that a session is in use.
    private static let touching: TimeInterval = 60

    let cookieName: String
    private let archive: any Archive
    private let isTLS: Bool
    private let known = Mutex<[String: (session: UserSession, asked: Date)]>([:])

    init(archive: any Archive, isTLS: Bool) {
        self.archive = archive
        self.isTLS = isTLS
        // The prefix binds the cookie to this host, without a domain; browsers keep it only with Secure.
        cookieName = isTLS ? "__Host-pleura" : "pleura"
    }

    /// 256 bits that nobody guesses, in letters that need no escape.
    static func newToken() -> String {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
        return Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    static func digest(_ token: String) -> String { Digest(of: token).hexadecimal }

    /// Begins a session.
    func begin(_ user: String, role: Role, now: Date = Date()) async throws -> Cookie {
        let token = Self.newToken()
        try await archive.removeEndedSessions(now: now)
        try await archive.addSession(
            UserSession(
                tokenDigest: Self.digest(token), user: user, role: role, began: now, lastUsed: now, ends: now.addingTimeInterval(Self.idle))
        )
        return cookie(token, seconds: Int(Self.longest))
    }

    private func cookie(_ token: String, seconds: Int) -> Cookie {
        Cookie(name: cookieName, value: token, maxAge: seconds, path: "/", secure: isTLS, httpOnly: true, sameSite: .strict)
    }

    /// What a browser gets to forget its session.
    var endedCookie: Cookie { cookie("", seconds: 0) }

    /// The session of a token; `nil` where it has ended or never was.
    func session(_ token: String, now: Date = Date()) async throws -> UserSession? {
        let digest = Self.digest(token)
        if let entry = known.withLock({ $0[digest] }), now.timeIntervalSince(entry.asked) < Self.memory, entry.session.ends > now {
            return entry.session
        }
        guard var session = try await archive.session(tokenDigest: digest), session.ends > now,
            session.isToken || now.timeIntervalSince(session.began) < Self.longest
        else {
            known.withLock { $0[digest] = nil }
            return nil
        }
        if now.timeIntervalSince(session.lastUsed) > Self.touching {
            session.lastUsed = now
            if !session.isToken { session.ends = min(now.addingTimeInterval(Self.idle), session.began.addingTimeInterval(Self.longest)) }
            try await archive.touchSession(tokenDigest: digest, lastUsed: session.lastUsed, ends: session.ends)
        }
        known.withLock { known in
            if known.count > 1_000 { known = [:] }
            known[digest] = (session, now)
        }
        return session
    }

    func end(_ token: String) async throws {
        let digest = Self.digest(token)
        known.withLock { $0[digest] = nil }
        try await archive.endSession(tokenDigest: digest)
    }

    /// Ends all sessions of a user, but for one.
    func endAll(of user: String, except digest: String?) async throws {
        known.withLock { known in known = known.filter { $0.value.session.user != user || $0.key == digest } }
        try await archive.endSessions(of: user, except: digest)
    }
}
