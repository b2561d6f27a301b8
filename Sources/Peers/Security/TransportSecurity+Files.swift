import Foundation
import NIOSSL

extension TransportSecurity {
    /// Reads the files.
    /// - Throws: `badSettings` with the file that is at fault.
    public func check(asServer: Bool = false) throws(PeerError) { _ = try asServer ? serverContext() : clientContext() }

    /// `nil` where there is no TLS.
    func clientContext() throws(PeerError) -> NIOSSLContext? {
        guard let configuration = try clientConfiguration() else { return nil }
        return try context(configuration)
    }

    /// `nil` where there is no TLS.
    package func serverContext() throws(PeerError) -> NIOSSLContext? {
        guard case .on(let keys) = self else { return nil }
        guard let pair = try keys.pair() else { throw PeerError(.badSettings, "a server with TLS needs a certificate and its key") }
        var configuration = TLSConfiguration.makeServerConfiguration(certificateChain: pair.chain, privateKey: pair.key)
        configuration.minimumTLSVersion = .tlsv12
        if let authorities = try keys.authorities() {
            configuration.trustRoots = .certificates(authorities)
            // A client's certificate is of an authority that is trusted; its name is not that of an address.
            configuration.certificateVerification = .noHostnameVerification
        }
        return try context(configuration)
    }

    func clientConfiguration() throws(PeerError) -> TLSConfiguration? {
        guard case .on(let keys) = self else { return nil }
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        if let authorities = try keys.authorities() { configuration.trustRoots = .certificates(authorities) }
        if let pair = try keys.pair() {
            (configuration.certificateChain, configuration.privateKey) = (pair.chain, pair.key)
        }
        return configuration
    }

    private func context(_ configuration: TLSConfiguration) throws(PeerError) -> NIOSSLContext {
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            // Each file could be read by itself.
            guard case .on(let keys) = self, let key = keys.key, let certificate = keys.certificate else {
                throw PeerError(.badSettings, "the certificates of the trusted authorities cannot be used")
            }
            throw PeerError(.badSettings, "the key \(key.path) does not belong to the certificate \(certificate.path)")
        }
    }
}

extension TransportKeys {
    fileprivate func authorities() throws(PeerError) -> [NIOSSLCertificate]? {
        guard let trustedAuthorities else { return nil }
        return try Self.certificates(trustedAuthorities, "trusted authorities")
    }

    fileprivate func pair() throws(PeerError) -> (chain: [NIOSSLCertificateSource], key: NIOSSLPrivateKeySource)? {
        switch (certificate, key) {
        case (nil, nil): return nil
        case (let certificate?, nil): throw PeerError(.badSettings, "the key of the certificate \(certificate.path) is not named")
        case (nil, let key?): throw PeerError(.badSettings, "the certificate of the key \(key.path) is not named")
        case (let certificate?, let key?):
            let chain = try Self.certificates(certificate, "certificate")
            if let end = chain.first?.notValidAfter, Double(end) < Date().timeIntervalSince1970 {
                let day = Date(timeIntervalSince1970: Double(end)).formatted(.iso8601)
                throw PeerError(.badSettings, "the certificate \(certificate.path) was valid until \(day)")
            }
            let bytes = try Self.content(key, "key")
            guard let key = try? NIOSSLPrivateKey(bytes: bytes, format: .pem) else {
                throw PeerError(.badSettings, "the key \(key.path) is no key in PEM without a password")
            }
            return (chain.map { .certificate($0) }, .privateKey(key))
        }
    }

    private static func certificates(_ file: URL, _ kind: String) throws(PeerError) -> [NIOSSLCertificate] {
        let bytes = try content(file, kind)
        guard let certificates = try? NIOSSLCertificate.fromPEMBytes(bytes), !certificates.isEmpty else {
            throw PeerError(.badSettings, "the \(kind) file \(file.path) holds no certificate in PEM")
        }
        return certificates
    }

    private static func content(_ file: URL, _ kind: String) throws(PeerError) -> [UInt8] {
        guard let content = try? Data(contentsOf: file) else {
            throw PeerError(.badSettings, "the \(kind) file \(file.path) cannot be read")
        }
        return Array(content)
    }
}
