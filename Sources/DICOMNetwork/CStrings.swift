import CDICOMNetwork
import Foundation

/// C strings that live as long as the value.
final class CStrings {
    private let pointers: [UnsafePointer<CChar>?]

    init(_ strings: [String]) { pointers = strings.map { UnsafePointer(strdup($0)) } }

    deinit { for pointer in pointers { free(UnsafeMutablePointer(mutating: pointer)) } }

    subscript(index: Int) -> UnsafePointer<CChar>? { pointers[index] }

    func withPointers<Value>(_ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Value) -> Value {
        pointers.withUnsafeBufferPointer { body($0.baseAddress) }
    }
}

/// Settings of TLS that live as long as the value.
final class CSecurity {
    private let strings: CStrings
    /// `nil` where there are none.
    let pointer: UnsafePointer<CDICOMTransportSecurity>?

    init(_ security: TransportSecurity?) {
        guard let security else {
            (strings, pointer) = (CStrings([]), nil)
            return
        }
        strings = CStrings([security.certificate, security.key, security.authorities, security.hostName].map { $0 ?? "" })
        let value = UnsafeMutablePointer<CDICOMTransportSecurity>.allocate(capacity: 1)
        value.initialize(
            to: CDICOMTransportSecurity(
                certificate: security.certificate == nil ? nil : strings[0], key: security.key == nil ? nil : strings[1],
                authorities: security.authorities == nil ? nil : strings[2], requiresCertificate: security.requiresCertificate,
                hostName: security.hostName == nil ? nil : strings[3]))
        pointer = UnsafePointer(value)
    }

    deinit { pointer?.deallocate() }
}

/// What is not UTF-8 is repaired: it came from a peer.
func text(_ pointer: UnsafePointer<CChar>?) -> String { pointer.map { String(cString: $0) } ?? "" }

extension DICOMNetworkError {
    init(_ problem: CDICOMNetworkProblem) {
        var problem = problem
        let reason = withUnsafeBytes(of: &problem.text) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        let code = Code(problem.kind)
        self.init(code, reason, status: code == .refused ? DIMSEStatus(problem.status) : nil)
    }
}

extension DICOMNetworkError.Code {
    init(_ kind: Int32) {
        switch Int(kind) {
        case Int(CDICOMNetworkProblemBadSettings): self = .badSettings
        case Int(CDICOMNetworkProblemCannotListen): self = .cannotListen
        case Int(CDICOMNetworkProblemCannotConnect): self = .cannotConnect
        case Int(CDICOMNetworkProblemSecurity): self = .security
        case Int(CDICOMNetworkProblemRejected): self = .rejected
        case Int(CDICOMNetworkProblemNotAccepted): self = .notAccepted
        case Int(CDICOMNetworkProblemLost): self = .lost
        case Int(CDICOMNetworkProblemRefused): self = .refused
        case Int(CDICOMNetworkProblemCancelled): self = .cancelled
        default: self = .unexpected
        }
    }
}
