import Basics
import CCertificates
import Foundation

/// A certificate that Pleura makes for a site that has none, kept in the archive's folder so that browsers are asked once only.
struct SelfSignedCertificate {
    let certificate: URL
    let key: URL
    /// SHA-256 of the certificate, for a person to compare with what the browser shows.
    let fingerprint: String

    private static let days: Int32 = 825

    /// - Parameter names: Host names and addresses that it is for.
    /// - Throws: `WorkstationError` of code `certificate`.
    init(in folder: URL, names: [String]) throws {
        certificate = folder.appendingPathComponent("certificate.pem")
        key = folder.appendingPathComponent("key.pem")
        if let kept = try? String(contentsOf: certificate, encoding: .utf8), FileManager.default.fileExists(atPath: key.path) {
            fingerprint = try Self.fingerprint(kept)
            return
        }
        let alternatives = names.map { name in
            var address = in_addr()
            var address6 = in6_addr()
            let isAddress = inet_pton(AF_INET, name, &address) == 1 || inet_pton(AF_INET6, name, &address6) == 1
            return (isAddress ? "IP:" : "DNS:") + name
        }
        let host = names.first ?? "localhost"
        var (pem, secret) = ([CChar](repeating: 0, count: 16_384), [CChar](repeating: 0, count: 4_096))
        guard ccertificate_self_signed(host, alternatives.joined(separator: ","), Self.days, &pem, pem.count, &secret, secret.count) == 0
        else {
            throw WorkstationError(.certificate, "a certificate cannot be made for these names")
        }
        let (certificateText, keyText) = (Self.text(pem), Self.text(secret))
        fingerprint = try Self.fingerprint(certificateText)
        do {
            // Nobody else may read it, from its first moment on.
            let opened = open(key.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
            guard opened >= 0 else { throw WorkstationError(.certificate, "the key cannot be kept: \(Descriptor.reason(errno))") }
            defer { close(opened) }
            if let number = Descriptor.write(Data(keyText.utf8), to: opened) {
                throw WorkstationError(.certificate, "the key cannot be kept: \(Descriptor.reason(number))")
            }
            try AtomicFile.write(Data(certificateText.utf8), to: certificate)
        } catch let error as FileError {
            throw WorkstationError(.certificate, error.reason)
        }
    }

    private static func text(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func fingerprint(_ pem: String) throws -> String {
        var characters = [CChar](repeating: 0, count: 96)
        guard ccertificate_fingerprint(pem, &characters) == 0 else {
            throw WorkstationError(.certificate, "certificate.pem in the archive's folder is no certificate")
        }
        return text(characters)
    }
}
