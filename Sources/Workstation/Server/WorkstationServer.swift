import Archive
import Basics
import Department
import FHIR
import Foundation
import Hummingbird
import HummingbirdCore
import HummingbirdHTTP2
import HummingbirdTLS
import Logging
import NIOCore
import NIOSSL
import ServiceLifecycle
import Synchronization
import UnixSignals

/// The reading room over HTTP: a department, its page and its interface for programs.
public struct WorkstationServer: Sendable {
    private let department: Department
    private let configuration: ServerConfiguration
    private let version: String
    private let companion: Companion?
    private let fhir: FHIRView
    private let logger: Logger

    /// - Parameters:
    ///   - companion: What runs as long as the server does.
    ///   - fhir: How results look as FHIR resources: the site's systems of numbers.
    public init(
        department: Department, configuration: ServerConfiguration, version: String, companion: Companion? = nil,
        fhir: FHIRView = FHIRView(), logger: Logger
    ) {
        (self.department, self.configuration, self.version) = (department, configuration, version)
        (self.companion, self.fhir, self.logger) = (companion, fhir, logger)
    }

    /// Every method and path that it answers, as OpenAPI writes them.
    package static func routes(of department: Department, configuration: ServerConfiguration) -> [(method: String, path: String)] {
        let api = WorkstationAPI(
            department: department, sessions: Sessions(archive: department.archive, isTLS: false), passwords: Passwords(),
            throttle: Throttle(), metrics: Metrics(), audit: AuditTrail(archive: department.archive), configuration: configuration,
            version: "", hosts: { [] }, logger: Logger(label: "routes"))
        let table = RouteTable()
        _ = api.router(table)
        return table.all
    }

    /// How long a link that works once does.
    public static let linkSeconds: TimeInterval = 24 * 60 * 60

    /// Makes a token for a link that opens the page of a server on loopback once.
    public static func oneTimeToken(in archive: any Archive) async throws -> String {
        let token = Sessions.newToken()
        try await archive.addOneTimeLink(tokenDigest: Sessions.digest(token), ends: Date().addingTimeInterval(linkSeconds))
        return token
    }

    /// Whether the configuration is one that keeps strangers out: beyond loopback only with TLS and accounts.
    /// - Throws: `WorkstationError` of code `notLocked`.
    public func checkLocks() async throws {
        guard !configuration.listen.isLoopback else { return }
        guard configuration.tls != nil else {
            throw WorkstationError(
                .notLocked,
                "\(configuration.listen.host) is reached from outside, so it needs --tls-certificate and --tls-key, or --tls-self-signed")
        }
        guard try await department.archive.users().contains(where: { !$0.isDisabled && $0.role == .administrator }) else {
            throw WorkstationError(
                .notLocked,
                "\(configuration.listen.host) is reached from outside, so it needs accounts; make one: pleura serve user add NAME --role administrator"
            )
        }
    }

    /// Serves until the program is told to end (SIGTERM, SIGINT); what was begun is ended well.
    /// - Parameter started: Told when it listens, with the address of the page.
    /// - Throws: `WorkstationError`; `ArchiveError`.
    ///
    /// A program whose role has no page runs without HTTP; its address is empty.
    public func run(started: @escaping @Sendable (_ address: String, _ fingerprint: String?) async -> Void) async throws {
        let work = DepartmentService(
            department: department, companion: configuration.role.hearsOthers ? companion : nil, works: configuration.role.works)
        guard configuration.role.servesPages else {
            await started("", nil)
            try await run([.init(service: work)])
            return
        }
        try await checkLocks()
        let (tls, fingerprint) = try tlsConfiguration()
        let known = HostNames()
        let api = WorkstationAPI(
            department: department, sessions: Sessions(archive: department.archive, isTLS: tls != nil), passwords: Passwords(),
            throttle: Throttle(), metrics: Metrics(), audit: AuditTrail(archive: department.archive), configuration: configuration,
            version: version, hosts: { known.all }, companion: companion, fhir: fhir, logger: logger)
        let names = names
        let listen = configuration.listen
        let application = Application(
            router: api.router(), server: channels(tls),
            configuration: .init(
                address: .hostname(listen.host, port: listen.port), backlog: 512,
                availableConnectionsDelegate: MaximumAvailableConnections(configuration.mostConnections, logger: logger)),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? listen.port
                known.set(names, port: port)
                let shown = listen.host == "0.0.0.0" || listen.host == "::" ? (names.first ?? listen.host) : listen.host
                let host = shown.contains(":") ? "[\(shown)]" : shown
                await started("\(tls == nil ? "http" : "https")://\(host):\(port)/", fingerprint)
            }, logger: logger)
        do {
            try await run([.init(service: work), .init(service: application, successTerminationBehavior: .gracefullyShutdownGroup)])
        } catch let error as IOError {
            throw WorkstationError(.cannotListen, "\(listen.host):\(listen.port): \(Descriptor.reason(error.errnoCode))")
        }
    }

    private func run(_ services: [ServiceGroupConfiguration.ServiceConfiguration]) async throws {
        var group = ServiceGroupConfiguration(services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        group.maximumGracefulShutdownDuration = .seconds(4)
        group.maximumCancellationDuration = .seconds(1)
        try await ServiceGroup(configuration: group).run()
    }

    /// What this server may be called.
    private var names: [String] {
        var names = configuration.hosts
        if configuration.listen.isLoopback {
            names += ["127.0.0.1", "localhost", "::1"]
        } else {
            names += [ProcessInfo.processInfo.hostName, "localhost", "127.0.0.1"]
            if configuration.listen.host != "0.0.0.0", configuration.listen.host != "::" { names.append(configuration.listen.host) }
        }
        return names
    }

    private func tlsConfiguration() throws -> (TLSConfiguration?, fingerprint: String?) {
        guard let wanted = configuration.tls else { return (nil, nil) }
        let (certificate, key, fingerprint): (String, String, String?)
        switch wanted {
        case .files(let certificatePath, let keyPath): (certificate, key, fingerprint) = (certificatePath, keyPath, nil)
        case .selfSigned:
            let made = try SelfSignedCertificate(in: configuration.data, names: names)
            (certificate, key, fingerprint) = (made.certificate.path, made.key.path, made.fingerprint)
        }
        do {
            var tls = TLSConfiguration.makeServerConfiguration(
                certificateChain: try NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
            tls.minimumTLSVersion = .tlsv12
            return (tls, fingerprint)
        } catch {
            throw WorkstationError(.certificate, "\(certificate) and \(key) are no certificate and its key in PEM")
        }
    }

    private func channels(_ tls: TLSConfiguration?) -> HTTPServerBuilder {
        let maximum = configuration.mostUploadBytes
        let idle = TimeAmount.seconds(Int64(configuration.idleSeconds))
        let http1 = HTTP1Channel.Configuration(
            additionalChannelHandlers: [RequestHeadHandler(maximum: maximum)], idleTimeout: idle,
            httpDecoderConfiguration: .init(maxHeaderFieldSize: 16_384, maxHeaderListSize: 32_768, maxHeaderFieldCount: 100))
        guard let tls else {
            return HTTPServerBuilder { responder in IdleClosing(base: HTTP1Channel(responder: responder, configuration: http1), after: idle)
            }
        }
        let http2 = HTTP2ChannelConfiguration(idleTimeout: .seconds(60), gracefulCloseTimeout: .seconds(4), streamConfiguration: http1)
        return HTTPServerBuilder { responder in
            IdleClosing(base: try HTTP2UpgradeChannel(tlsConfiguration: tls, configuration: http2, responder: responder), after: idle)
        }
    }
}

/// Names that are ours, with the port, which is known only when the server listens.
private final class HostNames: Sendable {
    private let names = Mutex(Set<String>())

    func set(_ hosts: [String], port: Int) {
        var all = Set<String>()
        for host in hosts.map({ $0.lowercased() }) {
            let name = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
            all.insert("\(name):\(port)")
            // Without a port where it is the usual one.
            if port == 80 || port == 443 { all.insert(name) }
        }
        names.withLock { $0 = all }
    }

    var all: Set<String> { names.withLock { $0 } }
}

/// The department as a service: it reads and sends while the server runs, and ends before the program does.
private struct DepartmentService: Service {
    let department: Department
    let companion: Companion?
    let works: Bool

    func run() async throws {
        department.start(works: works)
        do {
            try await companion?.start()
        } catch {
            await department.stop()
            throw error
        }
        try? await gracefulShutdown()
        await companion?.stop()
        await department.stop()
    }
}
