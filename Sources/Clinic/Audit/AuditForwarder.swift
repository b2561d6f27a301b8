import Archive
import AuditMessages
import Basics
import Foundation
import Logging
import Peers
import Results

/// Tells the archive's audit trail to a collector, as DICOM audit messages over syslog: every entry, in order, also what happened while the collector was
/// away. Syslog has no answers, so an entry may come twice after an interruption.
public struct AuditForwarder: Sendable {
    /// The number of the last entry that was sent.
    private static let setting = "audit.forwarded"
    private static let batch = 200
    private static let poll = Duration.seconds(1)

    private let archive: any Archive
    private let context: AuditContext
    private let client: SyslogClient
    private let host: String
    private let logger: Logger

    public init(archive: any Archive, settings: ClinicConfiguration.Audit, titles: [String], logger: Logger) {
        (self.archive, self.logger) = (archive, logger)
        host = ProcessInfo.processInfo.hostName
        context = AuditContext(
            source: AuditSource(id: settings.source),
            process: AuditProcess(id: String(ProcessInfo.processInfo.processIdentifier), aeTitles: titles, name: "pleura"),
            namesPatients: settings.namesPatients)
        client = SyslogClient(to: settings.collector)
    }

    /// Tells what there is and what comes, until the task is cancelled.
    public func run() async {
        await send(context.applicationActivity(.start, at: Date()))
        while !Task.isCancelled {
            do {
                if try await !forward() { try await Task.sleep(for: Self.poll) }
            } catch is CancellationError {
                break
            } catch {
                logger.warning("the audit trail cannot be told: \(ClinicReason.of(error))")
                try? await Task.sleep(for: .seconds(5))
            }
        }
        await Task.detached { await send(context.applicationActivity(.stop, at: Date())) }.value
        await client.close()
    }

    /// - Returns: Whether there was something.
    private func forward() async throws -> Bool {
        let last = try await archive.setting(Self.setting).flatMap { Int64(String(decoding: $0, as: UTF8.self)) } ?? 0
        let found = try await archive.auditEntries(user: nil, study: nil, before: last + 1 + Int64(Self.batch), limit: Self.batch)
        let entries = found.filter { $0.number > last }.sorted { $0.number < $1.number }
        for entry in entries {
            let study = try await entry.study.asyncMap { try await archive.study($0) } ?? nil
            try await client.send(syslog(message(entry, study), isFailure: entry.action.hasSuffix("failed")))
        }
        guard let end = entries.last?.number else { return false }
        try await archive.setSetting(Self.setting, Data(String(end).utf8))
        return true
    }

    private func send(_ message: AuditMessage) async {
        try? await client.send(syslog(message, isFailure: false), within: .seconds(2))
    }

    private func syslog(_ message: AuditMessage, isFailure: Bool) -> Data {
        SyslogMessage(
            message, hostName: host, application: "pleura", process: context.process.id, severity: isFailure ? .warning : .notice
        ).bytes
    }

    private func message(_ entry: AuditEntry, _ study: Study?) -> AuditMessage {
        let person = AuditPerson(account: entry.user)
        let studies = study.map { [AuditStudy(uid: $0.uid, patient: $0.patient.id, accessionNumber: $0.accessionNumber)] } ?? []
        switch entry.action {
        case "login": return context.userAuthentication(.login, person, at: entry.time)
        case "login.failed", "link.refused":
            return context.userAuthentication(.login, person, at: entry.time, outcome: .failure("refused"))
        case "logout": return context.userAuthentication(.logout, person, at: entry.time)
        case "instance.add": return context.import(studies, by: person, at: entry.time)
        case "worklist.view", "search": return context.instancesAccessed(.read, [], by: person, at: entry.time)
        case "study.view", "image.view", "file.view", "report.view":
            return context.instancesAccessed(.read, studies, by: person, at: entry.time)
        case "study.export": return context.export(studies, by: person, at: entry.time)
        default:
            guard !studies.isEmpty else {
                return context.securityAlert(
                    Self.alert(entry.action), entry.action, performer: person, at: entry.time, outcome: .success)
            }
            return context.instancesAccessed(.update, studies, by: person, at: entry.time)
        }
    }

    /// What changes who may do what, or how.
    private static func alert(_ action: String) -> AuditSecurityAlert {
        action.hasPrefix("user.") || action.hasPrefix("token.") ? .userSecurityChanged : .softwareConfiguration
    }
}

extension Optional {
    fileprivate func asyncMap<Value>(_ body: (Wrapped) async throws -> Value) async rethrows -> Value? {
        guard let self else { return nil }
        return try await body(self)
    }
}
