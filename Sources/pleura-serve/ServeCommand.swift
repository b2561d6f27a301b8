import Archive
import ArgumentParser
import Basics
import Clinic
import Console
import DICOM
import Department
import Detection
import FHIR
import Findings
import Foundation
import Improvement
import Inference
import Logging
import Models
import NoduleDetection
import Outputs
import Radiographs
import SiteFeedback
import Workstation

private let threadsRange = OptionRange.threads

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "The reading room in the browser: images come in, the model reads them, persons review and sign.",
        subcommands: [ServeRunCommand.self, ServeUserCommand.self, ServeTokenCommand.self, ServeLinkCommand.self],
        defaultSubcommand: ServeRunCommand.self)
}

/// Where the archive is; the same in every command that opens one.
struct ArchiveOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The archive's folder; the user's data folder if not given.", valueName: "dir"))
    var data: String?
    @Option(help: ArgumentHelp("A configuration file, YAML.", valueName: "file"))
    var config: String?

    /// What the configuration file says, and the command line in its place.
    /// - Throws: `Failure`.
    func configuration() throws -> ServerConfiguration {
        var configuration = ServerConfiguration(data: UserFolders.data.appendingPathComponent("archive"))
        if let config {
            let url = URL(fileURLWithPath: config)
            guard let text = try? String(contentsOf: url, encoding: .utf8) else {
                throw Failure(.somethingMissing, "\(config): cannot be read as a text file")
            }
            try Failure.about(config) { try configuration.apply(yaml: text, relativeTo: url.deletingLastPathComponent()) }
        }
        if let data { configuration.data = URL(fileURLWithPath: data, isDirectory: true) }
        return configuration
    }

    /// The archive in its folder, or the one that many machines share.
    /// - Throws: `Failure`.
    func archive(_ configuration: ServerConfiguration) async throws -> SQLArchive {
        guard let database = configuration.database else { return try archiveOfFolder(configuration) }
        do {
            return try await PostgreSQLArchive(database, folder: configuration.data)
        } catch {
            throw Failure(about: configuration.data.path, error, status: .somethingMissing)
        }
    }

    /// - Throws: `Failure`.
    func archiveOfFolder(_ configuration: ServerConfiguration) throws -> SQLiteArchive {
        try Failure.about(configuration.data.path) {
            try FileManager.default.createDirectory(
                at: configuration.data, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            return try SQLiteArchive(folder: configuration.data)
        }
    }

    /// Whether there is an archive already.
    func isThere(_ configuration: ServerConfiguration) -> Bool {
        configuration.database != nil
            || FileManager.default.fileExists(atPath: configuration.data.appendingPathComponent("pleura.sqlite").path)
    }
}

extension ServerConfiguration.LogForm: ExpressibleByArgument {}
extension ServerConfiguration.Role: ExpressibleByArgument {}

struct ServeRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Start the server (what `pleura serve` does).",
        discussion: """
            On loopback it prints a link that opens the page once. Elsewhere it needs TLS and accounts (pleura serve user add).
            SIGTERM and Ctrl-C end it within five seconds; nothing is lost. Research use only, not a diagnosis.
            """)

    @OptionGroup var archive: ArchiveOptions
    @Option(
        help: ArgumentHelp(
            "What this program of several does: web (the page), dicom (what other systems send), worker (reading, sending), all; all if not given.",
            valueName: "role"))
    var role: ServerConfiguration.Role?
    @Option(help: ArgumentHelp("Where to listen; port 0 takes a free one. 127.0.0.1:8080 if not given.", valueName: "host:port"))
    var listen: String?
    @Option(
        help: ArgumentHelp(
            "A name that the server answers for, such as reading.hospital.example; may be given several times.", valueName: "name"))
    var host: [String] = []
    @Option(help: ArgumentHelp("The certificate, PEM.", valueName: "file"))
    var tlsCertificate: String?
    @Option(help: ArgumentHelp("Its key, PEM.", valueName: "file"))
    var tlsKey: String?
    @Flag(help: "Make a certificate that browsers warn of, and keep it beside the archive.")
    var tlsSelfSigned = false
    @Option(help: ArgumentHelp("A model's name or its directory; nih8-fast if not given.", valueName: "name|dir"))
    var model: String?
    @Option(help: ArgumentHelp("What the engine computes in: auto, f32, bf16, int8; auto if not given.", valueName: "precision"))
    var precision: String?
    @Option(
        help: ArgumentHelp(
            "The model of lungs and heart, for places of findings and the cardiothoracic ratio; none for without, and anatomy where that "
                + "is there if not given.", valueName: "name|dir|none"))
    var anatomyModel: String?
    @Option(
        help: ArgumentHelp(
            "The model of nodules on CT series; none for without, and luna-nodules where that is there if not given.",
            valueName: "name|dir|none"))
    var noduleModel: String?
    @Option(help: threadsRange.help("Threads of the engine; all cores if not given", "n"), transform: threadsRange.parse)
    var threads: Int?
    @Option(
        help: ArgumentHelp(
            "How what happens is written on standard error: text, or json, an object a line; text if not given.", valueName: "form"))
    var log: ServerConfiguration.LogForm?
    @Option(help: ArgumentHelp("A file or folder of images to add at the start (may be given more than once).", valueName: "path"))
    var add: [String] = []

    /// - Throws: `Failure` where one was asked for and cannot be used.
    private func anatomyBundle() throws -> ModelBundle? {
        if anatomyModel == "none" { return nil }
        guard let anatomyModel else { return try? ModelStore.standard.bundle("anatomy") }
        return try Failure.about(anatomyModel) { try ModelStore.standard.bundle(anatomyModel) }
    }

    /// - Throws: `Failure` where one was asked for and cannot be used.
    private func noduleDetector() throws -> NoduleDetector? {
        if noduleModel == "none" { return nil }
        func made(_ bundle: ModelBundle) throws -> NoduleDetector {
            NoduleDetector(
                try NoduleModel(bundle, mask: NoduleModel.beside(bundle), settings: EngineSettings(precision: .f32, threads: threads)))
        }
        guard let noduleModel else { return try? made(ModelStore.standard.bundle("luna-nodules")) }
        return try Failure.about(noduleModel) { try made(ModelStore.standard.bundle(noduleModel)) }
    }

    func run() async throws {
        var settings = try archive.configuration()
        if let listen { settings.listen = try Failure.about("--listen", status: .wrongUse) { try ServerConfiguration.Address(listen) } }
        settings.hosts += host
        switch (tlsCertificate, tlsKey) {
        case (let certificate?, let key?): settings.tls = .files(certificate: certificate, key: key)
        case (nil, nil): break
        default: throw Failure(.wrongUse, "--tls-certificate and --tls-key belong together")
        }
        if tlsSelfSigned { settings.tls = .selfSigned }
        if let model { settings.model = model }
        if let precision { settings.precision = precision }
        if let threads { settings.threads = threads }
        if let log { settings.log = log }
        if let role { settings.role = role }
        guard let chosen = DetectorLoader.Precision(rawValue: settings.precision) else {
            throw Failure(.wrongUse, "--precision is auto, f32, bf16 or int8")
        }
        let store = try await archive.archive(settings)
        // Of a shared archive others have their part in hand; what a program left that died is free when its lease has run out.
        let lock = settings.database == nil ? try Failure.about(settings.data.path) { try ArchiveLock(folder: settings.data) } : nil
        defer { withExtendedLifetime(lock) {} }
        if lock != nil {
            // Nobody else works on this archive: what an earlier program had begun is free.
            store.content.removeUnfinished()
            try await store.releaseJobs(of: nil)
            try await store.releaseDeliveries(of: nil)
        }
        let isJSON = settings.log == .json
        var made = Logger(label: "pleura") { label -> any LogHandler in
            guard isJSON else { return StreamLogHandler.standardError(label: label) }
            return JSONLogHandler(label: label) { StandardError.write($0) }
        }
        made.logLevel = .notice
        let logger = made
        // What a person at a terminal reads is one more event for a program.
        let say: @Sendable (String) -> Void = { text in
            if isJSON { logger.notice("\(text)") } else { StandardError.line("pleura: \(text)") }
        }
        let clinic = try Failure.about(archive.config ?? "clinic") {
            try settings.clinic.map { try ClinicServices(ClinicConfiguration($0), productVersion: PleuraServe.version, logger: logger) }
        }
        // A site that lets its model learn says in its change log which one is in use.
        let models = SiteModels(folder: SiteFolder(archive: settings.data).url)
        let isAdopted = try Failure.about(models.folder.path) { try models.changes().contains(where: \.isSwitch) }
        let bundle =
            isAdopted
            ? try Failure.about(models.folder.path) { try models.current() }
            : try Failure.about(settings.model) { try ModelStore.standard.bundle(settings.model) }
        let loader = DetectorLoader(precision: chosen, threads: settings.threads, cachesNetworks: true)
        let lungs = try anatomyBundle()
        let load: @Sendable (ModelBundle) throws -> DetectionService = { [logger] bundle in
            var (now, soon) = (try loader.detector(bundle, mode: .latency), try loader.detector(bundle, mode: .throughput))
            if let lungs {
                (now.anatomy, soon.anatomy) = (try loader.anatomy(lungs, mode: .latency), try loader.anatomy(lungs, mode: .throughput))
            }
            return DetectionService(now: now, soon: soon, decoders: .standard, logger: logger)
        }
        let service = SiteModelService(
            try Failure.about(isAdopted ? bundle.card.name : settings.model) { try load(bundle) }, models: models, logger: logger,
            load: load)
        service.start()
        let width = settings.width ?? max(2, ProcessInfo.processInfo.activeProcessorCount)
        let department = try await Department(
            archive: store, folder: settings.data, model: ModelReader(current: { service.current }), width: width,
            nodules: try noduleDetector(), delivery: clinic?.delivery ?? DeliverySettings(), logger: logger)
        let server = WorkstationServer(
            department: department, configuration: settings, version: PleuraServe.version,
            companion: clinic.map { clinic in
                Companion(
                    start: {
                        try await clinic.start(department)
                        for address in clinic.addresses { say(address) }
                    }, stop: { await clinic.stop() }, gauges: { clinic.gauges })
            }, fhir: clinic?.fhir ?? FHIRView(), logger: logger)
        let (isLocal, folder, role) = (settings.listen.isLoopback, settings.data.path, settings.role)
        let model = isAdopted ? "\(bundle.card.name) \(bundle.card.version)" : settings.model
        let files = FilesAtStart(add, department: department, say: say)
        do {
            try await server.run { address, fingerprint in
                files.begin()
                if address.isEmpty {
                    say("\(role.rawValue)")
                } else if isLocal, let token = try? await WorkstationServer.oneTimeToken(in: store) {
                    say("the page, by a link that works once: \(address)?token=\(token)")
                } else {
                    say("the page: \(address)")
                }
                if let fingerprint { say("SHA-256 of the self-signed certificate: \(fingerprint)") }
                say("research use only, not a diagnosis; \(model) reads; the archive is \(folder)")
            }
        } catch {
            throw Failure(Failure.status(error), Failure.reason(error))
        }
        await service.stop()
    }
}

struct ServeLinkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "link", abstract: "Print the token of another link that opens the page of a server on loopback once.")

    @OptionGroup var archive: ArchiveOptions

    func run() async throws {
        let settings = try archive.configuration()
        let token = try await WorkstationServer.oneTimeToken(in: try await archive.archive(settings))
        StandardOutput.write("http://\(settings.listen.host):\(settings.listen.port)/?token=\(token)\n")
    }
}

/// Adds files of this machine to the archive while the server runs already.
private struct FilesAtStart: Sendable {
    let paths: [String]
    let department: Department
    let say: @Sendable (String) -> Void

    init(_ paths: [String], department: Department, say: @escaping @Sendable (String) -> Void) {
        (self.paths, self.department, self.say) = (paths, department, say)
    }

    func begin() {
        guard !paths.isEmpty else { return }
        Task.detached {
            let search = InputSearch(paths, decoders: .standard)
            var (taken, known) = (0, 0)
            for input in search.inputs {
                do {
                    if let failure = input.failure { throw failure }
                    let file = try IncomingFile(in: department.archive.content)
                    try file.write(Data(contentsOf: URL(fileURLWithPath: input.path), options: .mappedIfSafe))
                    let result = try await department.intake.take(file, name: input.path, protocolName: nil)
                    let old = result.taken.count(where: \.isDuplicate)
                    (taken, known) = (taken + result.taken.count - old, known + old)
                    for refused in result.refused { say("\(input.path): \(refused.reason)") }
                } catch {
                    say("\(input.path): \(ImageFailure(error).description)")
                }
            }
            say("\(taken) images added\(known > 0 ? ", \(known) were there already" : "")")
        }
    }
}
