import Foundation
import NIOCore
import NIOPosix
import NIOSSL

extension PeerError {
    /// Why no connection came about. An error of TLS is one of trust, whoever has it.
    static func connecting(_ error: any Error, within limit: Duration) -> PeerError {
        if let error = error as? PeerError { return error }
        if let trust = untrusted(error) { return trust }
        switch error {
        case is ChannelError: return PeerError(.notConnected, "no connection within \(limit.words)")
        case let error as NIOConnectionError:
            guard let failure = error.connectionErrors.first else { return PeerError(.notConnected, "its name is not known") }
            return connecting(failure.error, within: limit)
        case let error as IOError: return PeerError(.notConnected, words(error))
        case is CancellationError: return PeerError(.stopped, "it was cancelled")
        case is NIOSSLError, is BoringSSLError:
            return PeerError(.notConnected, "it ended the connection before TLS began; perhaps it speaks none")
        default: return PeerError(.notConnected, "\(type(of: error))")
        }
    }

    /// Why an exchange that had begun came to no end.
    static func exchanging(_ error: any Error) -> PeerError {
        if let error = error as? PeerError { return error }
        if let trust = untrusted(error) { return trust }
        switch error {
        case let error as IOError: return PeerError(.noAnswer, words(error))
        case is CancellationError: return PeerError(.stopped, "it was cancelled", wasPerhapsSent: true)
        default: return PeerError(.noAnswer, "the connection ended")
        }
    }

    private static func words(_ error: IOError) -> String {
        error.errnoCode == ECONNREFUSED ? "it refuses connections" : String(cString: strerror(error.errnoCode)).lowercased()
    }

    /// The error of TLS in words; `nil` where it is none, or only an end of the connection.
    static func untrusted(_ error: any Error) -> PeerError? {
        if error is NIOSSLExtraError { return PeerError(.certificate, "its certificate is for another name") }
        guard error is NIOSSLError || error is BoringSSLError else { return nil }
        if case .unableToValidateCertificate? = error as? NIOSSLError {
            return PeerError(.certificate, "its certificate is not of a trusted authority, or not valid now")
        }
        // OpenSSL's names of its errors are stable; NIOSSL offers nothing else.
        let name = String(describing: error)
        if name.contains("WRONG_VERSION_NUMBER") || name.contains("HTTP_REQUEST") {
            return PeerError(.notConnected, "it does not speak TLS")
        }
        let reasons = [
            ("CERTIFICATE_VERIFY_FAILED", "its certificate is not of a trusted authority, or not valid now"),
            ("PEER_DID_NOT_RETURN_A_CERTIFICATE", "it shows no certificate"),
            ("CERTIFICATE_REQUIRED", "it wants a certificate of ours"), ("UNKNOWN_CA", "it does not trust our certificate"),
            ("BAD_CERTIFICATE", "it does not take our certificate"),
            ("CERTIFICATE_EXPIRED", "it says that our certificate is not valid now"),
            ("CERTIFICATE_UNKNOWN", "it does not take our certificate"), ("DECRYPT_ERROR", "it does not take our certificate"),
            ("ACCESS_DENIED", "it does not take our certificate"),
            ("HANDSHAKE_FAILURE", "it refuses TLS; perhaps it wants a certificate of ours"),
            ("PROTOCOL_VERSION", "no version of TLS suits both"), ("UNSUPPORTED_PROTOCOL", "no version of TLS suits both"),
        ]
        return reasons.first { name.contains($0.0) }.map { PeerError(.certificate, $0.1) }
    }
}
