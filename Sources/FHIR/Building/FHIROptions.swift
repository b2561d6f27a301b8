import Basics
import Foundation

/// How a site wants its resources.
public struct FHIROptions: Hashable, Sendable {
    /// How a resource that belongs to another system, such as a patient or an order, stands in the transaction.
    public enum Foreign: String, Hashable, Sendable, Codable, CaseIterable {
        /// Only by its identifier: nothing is made at the server.
        case reference
        /// Made where the server has none of this identifier.
        case conditionalCreate
    }

    /// The `system` of identifiers.
    public struct Systems: Hashable, Sendable {
        /// Of patients' numbers whose issuer is not in `issuers`; `nil` where the site has none.
        public var patient: String?
        /// By Issuer of Patient ID (0010,0021).
        public var issuers: [String: String]
        public var placer: String?
        public var filler: String?
        public var accession: String?
        public var encounter: String?
        /// Of a report, by its study.
        public var report: String
        /// Of a result: what one reader found.
        public var result: String
        public var observation: String
        /// Of a model, by the digest of its bundle.
        public var model: String
        /// Of the codes of a procedure whose scheme the terminology does not know, by that scheme's name.
        public var procedures: [String: String]

        public init(
            patient: String? = nil, issuers: [String: String] = [:], placer: String? = nil, filler: String? = nil, accession: String? = nil
        ) {
            (self.patient, self.issuers, self.placer, self.filler, self.accession) = (patient, issuers, placer, filler, accession)
            encounter = nil
            report = "urn:uuid:" + Self.named("pleura report of a study")
            result = "urn:uuid:" + Self.named("pleura result")
            observation = "urn:uuid:" + Self.named("pleura finding of a study")
            model = "urn:uuid:" + Self.named("pleura model")
            procedures = [:]
        }

        /// A UUID that follows from a text (RFC 9562, version 8, by SHA-256).
        static func named(_ text: String) -> String {
            var bytes = Array(Digest(of: text).bytes.prefix(16))
            bytes[6] = bytes[6] & 0x0F | 0x80
            bytes[8] = bytes[8] & 0x3F | 0x80
            let digits = Array(Digest.hexadecimal(bytes))
            return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }.joined(separator: "-")
        }
    }

    public var systems: Systems
    public var patients: Foreign
    public var orders: Foreign
    /// Whether a report that was signed before is `corrected` (something was wrong) rather than `amended`.
    public var saysCorrected: Bool

    public init(systems: Systems = Systems(), patients: Foreign = .reference, orders: Foreign = .reference, saysCorrected: Bool = false) {
        (self.systems, self.patients, self.orders, self.saysCorrected) = (systems, patients, orders, saysCorrected)
    }
}
