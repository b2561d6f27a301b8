import Archive
import Department
import Foundation
import Hummingbird
import NIOCore

extension WorkstationAPI {
    private struct HealthWire: Encodable {
        var status: String
        var version: String
        var reader: String
        var waiting: Int
        var diskFreeBytes: Int64
        /// Left out where it cannot be told.
        var diskFullInDays: Double?
    }
    private struct ReadinessWire: Encodable {
        var ready: Bool
        var reasons: [String]
    }

    /// Within so many days a full disk is a matter for somebody.
    private static let fewDays = 14.0

    func healthRoutes(_ routes: Routes) {
        routes.get("/api/v1/health") { _, _ in
            let free = Self.freeBytes(configuration.data)
            let waiting = try await archive.jobCount(state: .waiting)
            let days = try await disk.forecast(archive, free: free, reserved: configuration.reservedBytes).days
            let isShort = free < configuration.reservedBytes || days.map { $0 < Self.fewDays } ?? false
            return try JSONText.response(
                HealthWire(
                    status: isShort ? "degraded" : "ok", version: version, reader: "ready", waiting: waiting,
                    diskFreeBytes: free, diskFullInDays: days.map { ($0 * 10).rounded() / 10 }))
        }
        routes.get("/api/v1/ready") { _, _ in
            var reasons: [String] = []
            if Self.freeBytes(configuration.data) < configuration.reservedBytes { reasons.append("disk_full") }
            if (try? await archive.jobCount(state: .waiting)) == nil { reasons.append("archive_unreadable") }
            return try JSONText.response(
                ReadinessWire(ready: reasons.isEmpty, reasons: reasons), status: reasons.isEmpty ? .ok : .serviceUnavailable)
        }
    }

    func metricsRoutes(_ routes: Routes) {
        routes.get("/metrics") { _, _ in
            let counts = try await archive.statusCounts()
            var gauges: [(String, String, Double)] = [
                ("pleura_jobs_waiting", "Jobs to be done.", Double(try await archive.jobCount(state: .waiting))),
                ("pleura_jobs_running", "Jobs under way.", Double(try await archive.jobCount(state: .running))),
                (
                    "pleura_jobs_failed", "Jobs that were given up and wait for a person.",
                    Double(try await archive.jobCount(state: .failed))
                ),
                ("pleura_event_listeners", "Open event streams.", Double(department.feed.listenerCount)),
                ("pleura_disk_free_bytes", "Room for the archive.", Double(Self.freeBytes(configuration.data))),
            ]
            let free = Self.freeBytes(configuration.data)
            if let days = try await disk.forecast(archive, free: free, reserved: configuration.reservedBytes).days {
                gauges.append(("pleura_disk_full_days", "Days until the disk is full, if as much comes as in the last two weeks.", days))
            }
            for status in StudyStatus.allCases {
                gauges.append(("pleura_studies_\(status.rawValue)", "Studies of this status.", Double(counts[status] ?? 0)))
            }
            for (destination, states) in try await archive.deliveryCounts().sorted(by: { $0.key < $1.key }) {
                for state in Delivery.State.allCases {
                    // Names of destinations are letters, digits, hyphens and underscores.
                    gauges.append(
                        (
                            "pleura_deliveries{destination=\"\(destination)\",state=\"\(state.rawValue)\"}",
                            "Results by destination and state.", Double(states[state] ?? 0)
                        ))
                }
            }
            let away = department.reached
            for name in department.destinations.map(\.name).sorted() {
                gauges.append(
                    (
                        "pleura_destination_away{destination=\"\(name)\"}", "1 where a destination was not reached.",
                        away[name]?.awaySince == nil ? 0 : 1
                    ))
            }
            gauges += watchGauges.map { ($0.name, $0.help, $0.value) }
            gauges += companion?.gauges().map { ($0.name, $0.help, $0.value) } ?? []
            let text = metrics.text(gauges: gauges.map { (name: $0.0, help: $0.1, value: $0.2) })
            return Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: .init(byteBuffer: ByteBuffer(string: text)))
        }
    }

    /// What is left for those who are not root.
    static func freeBytes(_ folder: URL) -> Int64 {
        var facts = statvfs()
        guard statvfs(folder.path, &facts) == 0 else { return 0 }
        return Int64(clamping: UInt64(facts.f_bavail) * UInt64(facts.f_frsize))
    }
}
