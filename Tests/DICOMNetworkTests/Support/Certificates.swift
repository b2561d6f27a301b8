import DICOMNetwork
import Foundation
import PleuraTesting

/// Two authorities, and certificates of theirs for 127.0.0.1 and localhost; made by OpenSSL's tool.
struct Certificates: Sendable {
    let folder: TemporaryFolder

    static var canBeMade: Bool { OtherProgram.found("openssl") != nil }

    init() throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        for authority in ["ours", "strange"] {
            try run("req -x509 -newkey rsa:2048 -nodes -days 2 -keyout \(authority).key -out \(authority).pem -subj /CN=\(authority)")
        }
        try Data("subjectAltName=IP:127.0.0.1,DNS:localhost\n".utf8).write(to: folder.file("names"))
        for (name, authority) in [("node", "ours"), ("client", "ours"), ("stranger", "strange")] {
            try run("req -newkey rsa:2048 -nodes -keyout \(name).key -out \(name).csr -subj /CN=\(name)")
            try run(
                "x509 -req -in \(name).csr -CA \(authority).pem -CAkey \(authority).key -CAcreateserial -days 2 -extfile names -out \(name).pem"
            )
        }
    }

    func path(_ name: String) -> String { folder.file(name).path }

    func security(
        _ name: String?, authorities: String = "ours", requiresCertificate: Bool = true, hostName: String? = nil
    ) -> TransportSecurity {
        TransportSecurity(
            certificate: name.map { path($0 + ".pem") }, key: name.map { path($0 + ".key") }, authorities: path(authorities + ".pem"),
            requiresCertificate: requiresCertificate, hostName: hostName)
    }

    private func run(_ line: String) throws {
        let result = try Shell.run("cd '\(folder.url.path)' && openssl \(line)")
        guard result.status == 0 else { throw CocoaError(.executableLoad) }
    }
}
