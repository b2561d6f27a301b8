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

extension DestinationSettings {
    private static let places = ["dicom", "hl7", "fhir", "dicomweb", "folder", "webhook"]
    private static let common = ["name", "protocols", "statuses", "only_urgent", "only_with_findings"]
    private static let own = [
        "dicom": ["sends", "tls", "commitment_seconds", "capture_pixels", "capture_quality", "report_3d"],
        "hl7": ["tls", "site", "answer_seconds"],
        "fhir": ["tls", "token_file", "user", "password_file", "patient_system", "issuer_systems", "accession_system", "create_patients"],
        "dicomweb": ["sends", "tls", "token_file", "user", "password_file", "capture_pixels", "capture_quality", "report_3d"],
        "folder": ["sends", "site", "capture_pixels", "capture_quality", "report_3d"],
        "webhook": ["tls", "token_file", "user", "password_file", "secret_file"],
    ]
    private static let objects = ResultObject.Kind.allCases.map(\.word)
    private static let messages = ["oru", "fhir"]

    /// - Parameter calling: The title of our own node.
    init(_ table: SettingsTable, calling: String) throws {
        let chosen = Self.places.filter(table.has)
        guard chosen.count == 1, let place = chosen.first else {
            throw SettingsError("\(table.place) needs one of \(Self.places.joined(separator: ", "))")
        }
        try table.check(known: Self.common + [place] + (Self.own[place] ?? []))
        name = try table.neededText("name")
        guard Self.isName(name) else { throw table.fault("name", "1 to 40 lower-case letters, digits, hyphens and underscores") }
        rules = DestinationRules(
            protocols: try table.texts("protocols").map(Set.init),
            statuses: Set(
                try table.words("statuses", StudyResult.Status.allCases.map(\.rawValue))?.compactMap(StudyResult.Status.init)
                    ?? StudyResult.Status.allCases),
            onlyUrgent: try table.flag("only_urgent") ?? (place == "webhook"),
            onlyWithFindings: try table.flag("only_with_findings") ?? false)
        let text = try table.neededText(place)
        switch place {
        case "dicom":
            let security = try table.table("tls").map { try $0.dicomSecurity(asServer: false) }
            kind = .dicom(
                try DICOMAddress(text, security: security), options: try Self.options(table, ["sr", "gsps", "sc"]),
                commitment: try table.number("commitment_seconds", 1...86_400))
        case "hl7":
            guard let (host, port) = NetworkAddress.split(text), port > 0 else { throw table.fault("hl7", "HOST:PORT") }
            kind = .hl7(
                PeerEndpoint(host: host, port: port, security: try table.table("tls").map { try $0.peerSecurity() } ?? .off),
                site: try table.site("site"), patience: .seconds(try table.number("answer_seconds", 0.1...3_600) ?? 30))
        case "fhir":
            var systems = FHIROptions.Systems(
                patient: try table.text("patient_system"), issuers: try table.textsByKey("issuer_systems") ?? [:],
                accession: try table.text("accession_system"))
            systems.placer = systems.accession
            kind = .fhir(
                try Self.address(text, table), try Self.web(table, text),
                FHIROptions(systems: systems, patients: try table.flag("create_patients") == true ? .conditionalCreate : .reference))
        case "dicomweb":
            kind = .dicomWeb(try Self.address(text, table), try Self.web(table, text), try Self.options(table, ["sr", "gsps", "sc"]))
        case "webhook":
            guard let secret = try table.secret("secret_file"), secret.utf8.count >= 16 else {
                throw SettingsError("\(table.place): secret_file is missing, or has fewer than 16 characters")
            }
            kind = .webhook(try Self.address(text, table), try Self.web(table, text), secret: Data(secret.utf8))
        default:
            let sends = try table.words("sends", Self.objects + Self.messages) ?? ["sr", "gsps", "sc"]
            kind = .folder(
                try table.path(place) ?? URL(fileURLWithPath: text),
                options: try Self.options(table, [], sends.filter(Self.objects.contains)),
                messages: Set(sends.filter(Self.messages.contains)), site: try table.site("site"))
        }
    }

    private static func isName(_ text: String) -> Bool {
        (1...40).contains(text.utf8.count)
            && text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 || $0 == 95 }
    }

    private static func options(_ table: SettingsTable, _ usual: [String], _ chosen: [String]? = nil) throws -> ResultObjectOptions {
        let words = try chosen ?? table.words("sends", objects) ?? usual
        var options = ResultObjectOptions(kinds: Set(ResultObject.Kind.allCases.filter { words.contains($0.word) }))
        options.captureSide = try table.whole("capture_pixels", 128...4_096) ?? options.captureSide
        options.captureQuality = try table.whole("capture_quality", 1...100) ?? options.captureQuality
        options.is3D = try table.flag("report_3d") ?? false
        return options
    }

    private static func address(_ text: String, _ table: SettingsTable) throws -> String {
        guard let url = URL(string: text), url.scheme == "https" || url.scheme == "http", url.host != nil, url.query == nil else {
            throw SettingsError("\(table.place): an address is such as https://server.example/path")
        }
        return text.hasSuffix("/") ? String(text.dropLast()) : text
    }

    /// A secret goes out only where nobody listens: over TLS, or on this machine.
    private static func web(_ table: SettingsTable, _ address: String) throws -> Web {
        let security = try table.table("tls").map { try $0.peerSecurity() } ?? .on(TransportKeys())
        let url = URL(string: address)
        let isOpen = url?.scheme != "https" && !["localhost", "127.0.0.1", "::1", "[::1]"].contains(url?.host ?? "")
        guard !isOpen || !(table.has("token_file") || table.has("password_file")) else {
            throw SettingsError("\(table.place): a token or password goes out over https alone")
        }
        if let token = try table.secret("token_file") { return Web(security: security, authorization: .bearer(token)) }
        if let user = try table.text("user") {
            guard let password = try table.secret("password_file") else { throw SettingsError("\(table.place): password_file is missing") }
            return Web(security: security, authorization: .basic(user: user, password: password))
        }
        return Web(security: security, authorization: .none)
    }
}
