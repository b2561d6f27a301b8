import Basics
import DICOMNetwork
import Department
import FHIR
import Foundation
import HL7
import Peers
import ResultObjects
import Results
import SettingsFiles

extension ClinicConfiguration {
    private static let keys = ["page", "language", "terminology", "dicom", "hl7", "audit", "destinations", "retry"]

    /// - Parameter table: The part `clinic` of a configuration file.
    /// - Throws: `SettingsError`, `ClinicError` or another room's error that says what is wrong.
    public init(_ table: SettingsTable) throws {
        self.init()
        try table.check(known: Self.keys)
        if let page = try table.text("page") {
            guard let url = URL(string: page), url.scheme == "https" || url.scheme == "http", url.host != nil else {
                throw table.fault("page", "an address such as https://reading.hospital.example/")
            }
            self.page = page.hasSuffix("/") ? page : page + "/"
        }
        if let language = try table.word("language", ["en", "de"]) { self.language = language }
        terminology = try table.path("terminology")
        node = try table.table("dicom").map(Node.init)
        messages = try table.table("hl7").map(Messages.init)
        audit = try table.table("audit").map(Audit.init)
        if let retry = try table.table("retry") {
            try retry.check(known: ["first_seconds", "longest_seconds", "most_attempts"])
            patience.shortest = try retry.number("first_seconds", 0.01...3_600) ?? patience.shortest
            patience.longest = try retry.number("longest_seconds", 0.01...86_400) ?? patience.longest
            patience.mostAttempts = try retry.whole("most_attempts", 1...1_000_000) ?? patience.mostAttempts
        }
        destinations = try (table.tables("destinations") ?? []).map {
            try DestinationSettings($0, calling: node?.title ?? Node.standardTitle)
        }
        var names = Set<String>()
        for destination in destinations where !names.insert(destination.name).inserted {
            throw SettingsError("two destinations are called \(destination.name)")
        }
    }
}

extension ClinicConfiguration.Node {
    static let standardTitle = "PLEURA"

    package init(_ table: SettingsTable) throws {
        try table.check(known: [
            "title", "listen", "tls", "listen_tls", "peers", "any_peer", "associations", "patience_seconds", "reserved_mb",
        ])
        title = try table.text("title") ?? Self.standardTitle
        guard ApplicationEntityTitle.normalised(title) != nil else { throw table.fault("title", "1 to 16 characters of ASCII") }
        let security = try table.table("tls").map { try $0.dicomSecurity(asServer: true) }
        listeners = []
        for (key, security) in [("listen", nil), ("listen_tls", security)] {
            for text in try table.texts(key) ?? [] {
                guard let (host, port) = NetworkAddress.split(text) else { throw table.fault(key, "HOST:PORT, such as 0.0.0.0:11112") }
                guard key == "listen" || security != nil else { throw SettingsError("\(table.place): listen_tls needs tls") }
                listeners.append(DICOMNodeSettings.Listener(address: host, port: UInt16(port), security: security))
            }
        }
        guard !listeners.isEmpty else { throw SettingsError("\(table.place): listen or listen_tls is missing") }
        acceptsAnyPeer = try table.flag("any_peer") ?? false
        associations = try table.whole("associations", 1...1_000) ?? 16
        patience = try table.whole("patience_seconds", 1...3_600) ?? 60
        reservedBytes = UInt64(try table.whole("reserved_mb", 0...1_048_576) ?? 256) << 20
        peers = try (table.tables("peers") ?? []).map(Peer.init)
        guard acceptsAnyPeer || !peers.isEmpty else { throw SettingsError("\(table.place): peers is missing: who may send images") }
    }
}

extension ClinicConfiguration.Node.Peer {
    init(_ table: SettingsTable) throws {
        try table.check(known: ["title", "addresses", "tls", "commitment", "commitment_tls", "protocol", "stat"])
        title = try table.neededText("title")
        guard ApplicationEntityTitle.normalised(title) != nil else { throw table.fault("title", "1 to 16 characters of ASCII") }
        addresses = try table.texts("addresses") ?? []
        requiresSecurity = try table.flag("tls") ?? false
        let security = try table.table("commitment_tls").map { try $0.dicomSecurity(asServer: false) }
        if let text = try table.text("commitment") {
            guard let address = try? DICOMAddress("\(title)@\(text)", security: security) else {
                throw table.fault("commitment", "HOST:PORT")
            }
            answersTo = address
        }
        protocolName = try table.text("protocol")
        isUrgent = try table.flag("stat") ?? false
    }
}

extension ClinicConfiguration.Messages {
    init(_ table: SettingsTable) throws {
        try table.check(known: ["listen", "tls", "addresses", "connections", "site"])
        let text = try table.neededText("listen")
        guard let (host, port) = NetworkAddress.split(text) else { throw table.fault("listen", "HOST:PORT, such as 0.0.0.0:2575") }
        server = MLLPServer.Settings(
            host: host, port: port, security: try table.table("tls").map { try $0.peerSecurity() } ?? .off,
            allowedAddresses: try table.texts("addresses") ?? [], connections: try table.whole("connections", 1...10_000) ?? 64)
        site = try table.site("site")
    }
}

extension ClinicConfiguration.Audit {
    init(_ table: SettingsTable) throws {
        try table.check(known: ["syslog", "tls", "source", "patient_ids"])
        let text = try table.neededText("syslog")
        guard let (host, port) = NetworkAddress.split(text) else { throw table.fault("syslog", "HOST:PORT, such as audit.example:6514") }
        collector = PeerEndpoint(host: host, port: port, security: try table.table("tls").map { try $0.peerSecurity() } ?? .off)
        source = try table.text("source") ?? "pleura"
        namesPatients = try table.flag("patient_ids") ?? false
    }
}

extension SettingsTable {
    func dicomSecurity(asServer: Bool) throws -> DICOMNetwork.TransportSecurity {
        try check(known: ["certificate", "key", "authorities", "host_name", "require_certificate"])
        let security = DICOMNetwork.TransportSecurity(
            certificate: try path("certificate")?.path, key: try path("key")?.path, authorities: try path("authorities")?.path,
            requiresCertificate: try flag("require_certificate") ?? true, hostName: try text("host_name"))
        guard (security.certificate == nil) == (security.key == nil) else {
            throw SettingsError("\(place): certificate and key belong together")
        }
        guard !asServer || security.certificate != nil else { throw SettingsError("\(place): certificate and key are missing") }
        return security
    }

    func peerSecurity() throws -> Peers.TransportSecurity {
        try check(known: ["certificate", "key", "authorities", "host_name"])
        return .on(
            TransportKeys(
                trustedAuthorities: try path("authorities"), certificate: try path("certificate"), key: try path("key"),
                serverName: try text("host_name")))
    }

    /// A site's file of HL7.
    func site(_ key: String) throws -> HL7Site {
        guard let url = try path(key) else { return HL7Site() }
        return try HL7Site(yaml: try content(of: url, key))
    }

    private func content(of url: URL, _ key: String) throws -> String {
        guard let text = try? String(contentsOf: url, encoding: .utf8) else {
            throw SettingsError("\(place): \(key): \(url.path) cannot be read as a text file")
        }
        return text
    }

    /// A secret stands in a file of its own, which can be kept from others.
    func secret(_ key: String) throws -> String? {
        try path(key).map { try content(of: $0, key).trimmingCharacters(in: .whitespacesAndNewlines) }
    }
}
