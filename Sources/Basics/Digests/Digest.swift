import CDigests
import Foundation

/// The digest of some bytes: the same bytes always have the same one, and of SHA-256 nobody can make other bytes that have it too.
public struct Digest: Hashable, Sendable {
    public enum Algorithm: String, Hashable, Sendable {
        /// FIPS 180-4; 32 bytes.
        case sha256 = "SHA-256"
        /// FIPS 180-4; 20 bytes. Only to compare with sums that others publish.
        case sha1 = "SHA-1"
        /// RFC 1321; 16 bytes. Only to compare with sums that others publish.
        case md5 = "MD5"

        fileprivate var face: CDigestAlgorithm {
            switch self {
            case .sha256: CDIGEST_SHA256
            case .sha1: CDIGEST_SHA1
            case .md5: CDIGEST_MD5
            }
        }
    }

    public let bytes: [UInt8]

    public init(of bytes: some ContiguousBytes, _ algorithm: Algorithm = .sha256) {
        var builder = Builder(algorithm)
        builder.update(bytes)
        self = builder.digest
    }

    /// Of the text in UTF-8.
    public init(of text: String) { self.init(of: Data(text.utf8)) }

    fileprivate init(bytes: [UInt8]) { self.bytes = bytes }

    /// In lower-case digits.
    public var hexadecimal: String { Self.hexadecimal(bytes) }

    public static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// A digest of bytes that come piece by piece.
    public struct Builder {
        private var state: CDigest

        public init(_ algorithm: Algorithm = .sha256) { state = cdigest_begin(algorithm.face) }

        public mutating func update(_ bytes: some ContiguousBytes) {
            bytes.withUnsafeBytes { cdigest_update(&state, $0.baseAddress, $0.count) }
        }

        /// Of all bytes so far; more may follow.
        public var digest: Digest {
            var copy = state
            let bytes = [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
                count = buffer.baseAddress.map { cdigest_finish(&copy, $0) } ?? 0
            }
            return Digest(bytes: bytes)
        }
    }
}
