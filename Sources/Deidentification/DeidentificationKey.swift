import Basics
import CSodium
import Foundation

/// The secret from which pseudonyms, UIDs and the shift of dates follow: with the same key the same file gives the same, in years too;
/// without
/// it nobody can go back, or tell whether a patient is among those de-identified. It is kept by the caller, as a password is.
public struct DeidentificationKey: Sendable, CustomStringConvertible, CustomReflectable {
    public static let byteCount = 32
    private let bytes: [UInt8]

    /// - Throws: `DeidentificationError` of code `badKey` for fewer than 32 bytes.
    public init(_ bytes: Data) throws {
        guard bytes.count >= Self.byteCount else {
            throw DeidentificationError(.badKey, "a key has at least \(Self.byteCount) bytes, this has \(bytes.count)")
        }
        self.bytes = [UInt8](bytes)
    }

    /// Bytes for a new key.
    public static func random() -> Data {
        var generator = SystemRandomNumberGenerator()
        return Data((0..<byteCount).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }

    public var description: String { "a key" }
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }

    /// HMAC-SHA256 (RFC 2104) of a purpose and a text: 32 bytes.
    func code(_ purpose: String, _ text: [UInt8]) -> [UInt8] {
        var state = crypto_auth_hmacsha256_state()
        var out = [UInt8](repeating: 0, count: Int(crypto_auth_hmacsha256_BYTES))
        let message = Array(purpose.utf8) + [0] + text
        _ = crypto_auth_hmacsha256_init(&state, bytes, bytes.count)
        _ = crypto_auth_hmacsha256_update(&state, message, UInt64(message.count))
        _ = crypto_auth_hmacsha256_final(&state, &out)
        return out
    }
}
