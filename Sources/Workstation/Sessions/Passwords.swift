import CSodium
import Department
import Foundation
import HTTPTypes

/// Passwords as argon2id (RFC 9106) by libsodium, with 19 MiB and two passes (OWASP's Password Storage Cheat Sheet).
///
/// One at a time, on a thread of its own: many log-ins at once neither fill the memory nor keep others waiting for Swift's threads.
struct Passwords: Sendable {
    static let shortest = 10
    static let longest = 1_024

    private static let memory = 19 << 20
    private static let passes: UInt64 = 2
    private let work = BlockingWork(width: 1)
    /// Compared with where there is no such account, so that both answers take as long.
    private let nobody: String

    init() {
        _ = sodium_init()
        nobody = Self.hash("nobody has this password") ?? ""
    }

    /// - Returns: `nil` where there is no memory for it.
    static func hash(_ password: String) -> String? {
        _ = sodium_init()
        let bytes = Array(normal(password).utf8).map { CChar(bitPattern: $0) }
        var text = [CChar](repeating: 0, count: Int(crypto_pwhash_STRBYTES))
        guard crypto_pwhash_str(&text, bytes, UInt64(bytes.count), passes, memory) == 0 else { return nil }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    func hash(_ password: String) async throws -> String {
        guard let hash = try await work.run({ Self.hash(password) }) else {
            throw Problem(.serviceUnavailable, "no_memory", "there is no memory for this at the moment")
        }
        return hash
    }

    /// - Parameter hash: `nil` where there is no such account; the answer is then no, as late as for others.
    func matches(_ password: String, _ hash: String?) async throws -> Bool {
        try await work.run { [nobody] in
            let bytes = Array(Self.normal(password).utf8).map { CChar(bitPattern: $0) }
            var stored = Array((hash ?? nobody).utf8).map { CChar(bitPattern: $0) }
            stored += [CChar](repeating: 0, count: max(1, Int(crypto_pwhash_STRBYTES) - stored.count))
            return crypto_pwhash_str_verify(stored, bytes, UInt64(bytes.count)) == 0 && hash != nil
        }
    }

    /// Keyboards write one letter in several ways.
    private static func normal(_ password: String) -> String { password.precomposedStringWithCanonicalMapping }
}
