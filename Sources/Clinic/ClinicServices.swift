import Archive
import Basics
import DICOMNetwork
import Department
import FHIR
import Foundation
import Logging
import Peers
import Synchronization
import Terminology

/// Everything of a department that other systems see: the node that takes images, the listener that takes orders, the destinations of results, the audit
/// messages.
///
/// The destinations are made first, since a department begins with them; what listens begins when the department is there.
public final class ClinicServices: Sendable {
    public let configuration: ClinicConfiguration
    public let terminology: Terminology
    public let destinations: [any Destination]
    private let logger: Logger
    private let running = Mutex<Running>(Running())

    private struct Running {
        var node: ImageNode?
        var messages: MLLPServer?
        var audit: Task<Void, Never>?
    }

    /// - Throws: What is wrong with the configuration: a certificate that cannot be used, a file that is not there.
    public init(_ configuration: ClinicConfiguration, productVersion: String, logger: Logger) throws {
        (self.configuration, self.logger) = (configuration, logger)
        terminology =
            try configuration.terminology.map { url in
                guard let data = try? Data(contentsOf: url) else {
                    throw ClinicError(.badSettings, "\(url.path) cannot be read")
                }
                return try Terminology(overriding: data)
            } ?? .standard
        let maker = DestinationMaker(
            callingTitle: configuration.node?.title ?? ClinicConfiguration.Node.standardTitle, terminology: terminology,
            productVersion: productVersion)
        destinations = try configuration.destinations.map { try maker.destination($0) }
    }

    /// How a department delivers.
    /// - Parameter labelMap: The order of colours in pictures.
    public var delivery: DeliverySettings {
        let page = configuration.page
        return DeliverySettings(
            destinations: destinations, patience: configuration.patience, link: { study in page.map { "\($0)#/study/\(study.rawValue)" } },
            language: configuration.language)
    }

    /// How results look as FHIR resources: by the systems of numbers of the first FHIR server that gets them.
    public var fhir: FHIRView {
        for destination in configuration.destinations {
            if case .fhir(_, _, let options) = destination.kind { return FHIRView(options, terminology: terminology) }
        }
        return FHIRView(terminology: terminology)
    }

    /// Begins to listen.
    /// - Throws: `DICOMNetworkError`, `PeerError`.
    public func start(_ department: Department) async throws {
        var titles: [String: [String]] = [:]
        for destination in configuration.destinations {
            if case .dicom(let address, _, _) = destination.kind { titles[address.title, default: []].append(destination.name) }
        }
        if let settings = configuration.node {
            let node = try ImageNode(settings, department: department, destinations: titles, logger: logger)
            running.withLock { $0.node = node }
        }
        if let settings = configuration.messages {
            do {
                let server = try await MessageListener(department: department, site: settings.site, logger: logger).start(settings.server)
                running.withLock { $0.messages = server }
            } catch {
                await stop()
                throw error
            }
        }
        if let settings = configuration.audit {
            let forwarder = AuditForwarder(
                archive: department.archive, settings: settings, titles: configuration.node.map { [$0.title] } ?? [], logger: logger)
            running.withLock { $0.audit = Task { await forwarder.run() } }
        }
    }

    /// Where it listens, a line each.
    public var addresses: [String] {
        running.withLock { running in
            var lines: [String] = []
            if let node = running.node, let settings = configuration.node {
                for (listener, port) in zip(settings.listeners, node.ports) {
                    lines.append("DICOM: \(settings.title)@\(listener.address):\(port)\(listener.security == nil ? "" : " (TLS)")")
                }
            }
            if let server = running.messages, let settings = configuration.messages {
                lines.append("HL7: \(settings.server.host):\(server.port)\(settings.server.security == .off ? "" : " (TLS)")")
            }
            return lines
        }
    }

    /// Counts for the metrics: a name, what it means, and the value.
    public var gauges: [(name: String, help: String, value: Double)] {
        let (node, messages) = running.withLock { ($0.node?.counts, $0.messages?.counts) }
        var gauges: [(name: String, help: String, value: Double)] = []
        if let node {
            gauges += [
                ("pleura_dicom_associations_open", "DICOM associations now.", Double(node.openAssociations)),
                ("pleura_dicom_associations_total", "DICOM associations so far.", Double(node.accepted)),
                ("pleura_dicom_rejected_total", "DICOM associations that were rejected.", Double(node.rejected.values.reduce(0, +))),
                ("pleura_dicom_stored_total", "DICOM objects that were kept.", Double(node.stored)),
                ("pleura_dicom_stored_bytes_total", "Their bytes.", Double(node.storedBytes)),
            ]
        }
        if let messages {
            gauges += [
                ("pleura_hl7_messages_total", "HL7 messages that came.", Double(messages.messages)),
                ("pleura_hl7_connections_open", "HL7 connections now.", Double(messages.open)),
            ]
        }
        return gauges
    }

    /// Ends listening; what was begun comes to its answer. Returns within seconds.
    public func stop() async {
        let ending = running.withLock { running in
            defer { running = Running() }
            return running
        }
        ending.audit?.cancel()
        await ending.messages?.stop(grace: .seconds(2))
        if let node = ending.node {
            await withCheckedContinuation { continuation in
                Thread {
                    node.stop(grace: 2)
                    continuation.resume()
                }.start()
            }
        }
        await ending.audit?.value
    }
}
