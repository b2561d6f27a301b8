import Archive
import Department
import Foundation

/// What somebody far away has to know of a reading room that does not do as it should: numbers, states and codes.
///
/// No patient, person, address or name of a file stands in it, so that a site may send it. What is said is chosen value by value; nothing is copied whole.
public struct SupportReport: Encodable, Sendable {
    struct Settings: Encodable, Sendable {
        /// `loopback` or `network`.
        var listens: String
        var tls: String
        var otherHosts: Int
        /// Only of a model that comes with Pleura; a site's own is `own`.
        var model: String
        var precision: String
        var threads: Int?
        var imagesAtOnce: Int?
        var mostUploadMb: Int
        var reservedMb: Int
        var mostConnections: Int
        var idleSeconds: Int
        var log: String
        var hasClinic: Bool

        private enum CodingKeys: String, CodingKey {
            case listens, tls, model, precision, threads, log
            case otherHosts = "other_hosts"
            case imagesAtOnce = "images_at_once"
            case mostUploadMb = "most_upload_mb"
            case reservedMb = "reserved_mb"
            case mostConnections = "most_connections"
            case idleSeconds = "idle_seconds"
            case hasClinic = "has_clinic"
        }
    }
    struct Disk: Encodable, Sendable {
        var freeBytes: Int64
        var databaseBytes: Int64
        var fullInDays: Double?

        private enum CodingKeys: String, CodingKey {
            case freeBytes = "free_bytes"
            case databaseBytes = "database_bytes"
            case fullInDays = "full_in_days"
        }
    }
    struct Failures: Encodable, Sendable {
        /// Such as `read`.
        var kind: String
        var state: String
        /// The code that the reason begins with; `other` where it has none.
        var code: String
        var count: Int
    }

    var studies: [String: Int]
    var jobs: [String: Int]
    /// Of jobs that were given up or are tried again.
    var failures: [Failures]
    /// By destination number, in the order of their names, which are left out.
    var deliveries: [[String: Int]]
    var users: [String: Int]
    var disk: Disk
    var settings: Settings
    /// What is wrong with the database, in kinds and numbers.
    var structuralFaults: Int
    /// The number of the first entry of the audit trail that is not as it was written.
    var brokenAuditEntry: Int64?

    private enum CodingKeys: String, CodingKey {
        case studies, jobs, failures, deliveries, users, disk, settings
        case structuralFaults = "structural_faults"
        case brokenAuditEntry = "broken_audit_entry"
    }

    /// Models that come with Pleura; a site's own may be called by anything.
    public static let bundledModels = ["anatomy", "nih8-fast", "nih8-accurate", "nih8-boxes", "nih8-ensemble", "nih8-pyramid"]

    /// Asks an archive, which a server may work on meanwhile.
    /// - Throws: `ArchiveError`.
    public init(_ archive: any Archive, configuration: ServerConfiguration) async throws {
        studies = Dictionary(uniqueKeysWithValues: try await archive.statusCounts().map { ($0.key.rawValue, $0.value) })
        var jobs: [String: Int] = [:]
        for state in Job.State.allCases { jobs[state.rawValue] = try await archive.jobCount(state: state) }
        self.jobs = jobs
        var counts: [[String]: Int] = [:]
        for state in [Job.State.failed, .waiting] {
            for job in try await archive.jobs(state: state, study: nil, limit: 10_000) {
                guard let reason = job.lastError else { continue }
                counts[[job.kind, state.rawValue, Self.code(reason)], default: 0] += 1
            }
        }
        failures = counts.map { Failures(kind: $0.key[0], state: $0.key[1], code: $0.key[2], count: $0.value) }
            .sorted { ($0.count, $1.code) > ($1.count, $0.code) }
        deliveries = try await archive.deliveryCounts().sorted { $0.key < $1.key }.map { _, states in
            Dictionary(uniqueKeysWithValues: states.map { ($0.key.rawValue, $0.value) })
        }
        users = Dictionary(grouping: try await archive.users()) { $0.isDisabled ? "disabled" : $0.role.rawValue }.mapValues(\.count)
        let free = WorkstationAPI.freeBytes(configuration.data)
        let database = try? FileManager.default.attributesOfItem(atPath: configuration.data.appendingPathComponent("pleura.sqlite").path)
        disk = Disk(
            freeBytes: free, databaseBytes: (database?[.size] as? NSNumber)?.int64Value ?? 0,
            fullInDays: try await DiskWatch().forecast(archive, free: free, reserved: configuration.reservedBytes).days)
        settings = Settings(
            listens: configuration.listen.isLoopback ? "loopback" : "network",
            tls: configuration.tls.map { $0 == .selfSigned ? "self-signed" : "files" } ?? "none", otherHosts: configuration.hosts.count,
            model: Self.bundledModels.contains(configuration.model) ? configuration.model : "own", precision: configuration.precision,
            threads: configuration.threads, imagesAtOnce: configuration.width, mostUploadMb: configuration.mostUploadBytes >> 20,
            reservedMb: Int(configuration.reservedBytes >> 20), mostConnections: configuration.mostConnections,
            idleSeconds: configuration.idleSeconds, log: configuration.log.rawValue, hasClinic: configuration.clinic != nil)
        structuralFaults = try await archive.structuralFaults().count
        brokenAuditEntry = try await archive.firstBrokenAuditEntry()
    }

    /// What stands before the colon, where that is a code: few lower-case words.
    static func code(_ reason: String) -> String {
        let code = reason.prefix { $0 != ":" }
        let isCode =
            code.count < reason.count && (1...32).contains(code.utf8.count)
            && code.utf8.allSatisfy { (97...122).contains($0) || $0 == 32 || $0 == 95 || $0 == 45 }
        return isCode ? String(code) : "other"
    }
}
