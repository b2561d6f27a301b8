import Basics
import DICOMNetwork
import Department
import FHIR
import Foundation
import HL7
import Peers
import ResultObjects
import Results

/// How a department stands in a hospital's network, as a site writes it down.
public struct ClinicConfiguration: Sendable {
    /// The node that takes images.
    public struct Node: Sendable {
        /// Who may send images, and how they are read.
        public struct Peer: Sendable {
            public var title: String
            /// Numeric; empty: from anywhere.
            public var addresses: [String]
            public var requiresSecurity: Bool
            /// Where the result of a storage commitment goes; `nil`: back on the same association.
            public var answersTo: DICOMAddress?
            /// The protocol of what it sends; `nil` for the site's usual one.
            public var protocolName: String?
            public var isUrgent: Bool
        }

        public var title: String
        public var listeners: [DICOMNodeSettings.Listener]
        public var peers: [Peer]
        public var acceptsAnyPeer: Bool
        public var associations: Int
        /// Seconds that a peer may be silent.
        public var patience: Int
        /// Room on the disk that images leave, in bytes.
        public var reservedBytes: UInt64
    }

    /// What takes orders and changes of patients.
    public struct Messages: Sendable {
        public var server: MLLPServer.Settings
        public var site: HL7Site
    }

    /// Where audit messages go.
    public struct Audit: Sendable {
        public var collector: PeerEndpoint
        /// As the collector knows this system.
        public var source: String
        /// Whether Patient IDs stand in them.
        public var namesPatients: Bool
    }

    /// The address of the reading room's page, as persons reach it; it ends with a slash.
    public var page: String?
    /// Of reports.
    public var language = "en"
    /// A site's own codes.
    public var terminology: URL?
    public var node: Node?
    public var messages: Messages?
    public var audit: Audit?
    public var destinations: [DestinationSettings] = []
    public var patience = DeliveryPatience()

    public init() {}
}

/// A DICOM application entity and where it listens.
public struct DICOMAddress: Hashable, Sendable {
    public var title: String
    public var host: String
    public var port: UInt16
    public var security: DICOMNetwork.TransportSecurity?

    /// - Parameter text: `TITLE@HOST:PORT`, with an IPv6 address in brackets.
    /// - Throws: `ClinicError` of code `badSettings`.
    public init(_ text: String, security: DICOMNetwork.TransportSecurity? = nil) throws {
        let parts = text.split(separator: "@", maxSplits: 1)
        guard parts.count == 2, let title = ApplicationEntityTitle.normalised(String(parts[0])),
            let (host, port) = NetworkAddress.split(String(parts[1])), let number = UInt16(exactly: port), number > 0
        else { throw ClinicError(.badSettings, "a DICOM peer is TITLE@HOST:PORT, such as PACS@10.0.0.5:104") }
        (self.title, self.host, self.port, self.security) = (title, host, number, security)
    }
}

/// `HOST:PORT`.
enum NetworkAddress {
    static func split(_ text: String) -> (host: String, port: Int)? {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]), (0...65_535).contains(port) else {
            return nil
        }
        let host = String(text[..<colon])
        let plain = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        guard !plain.isEmpty, host.hasPrefix("[") || !plain.contains(":") else { return nil }
        return (plain, port)
    }
}

/// A destination as a site writes it down.
public struct DestinationSettings: Sendable {
    public enum Kind: Sendable {
        case dicom(DICOMAddress, options: ResultObjectOptions, commitment: Double?)
        case hl7(PeerEndpoint, site: HL7Site, patience: Duration)
        case fhir(String, Web, FHIROptions)
        case dicomWeb(String, Web, ResultObjectOptions)
        case folder(URL, options: ResultObjectOptions, messages: Set<String>, site: HL7Site)
        case webhook(String, Web, secret: Data)
    }

    /// How an HTTP server is reached.
    public struct Web: Sendable {
        public var security: Peers.TransportSecurity
        public var authorization: HTTPPeerClient.Authorization
    }

    public var name: String
    public var rules: DestinationRules
    public var kind: Kind
}
