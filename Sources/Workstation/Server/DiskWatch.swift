import Archive
import Department
import Foundation
import Synchronization

/// The forecast of the disk, asked for as often as anybody likes and made anew every ten minutes: the archive adds up what came.
final class DiskWatch: Sendable {
    private struct Kept {
        var time: Date
        var received: (bytes: Int, since: Date?)
    }
    private static let holds: TimeInterval = 600
    private let kept = Mutex<Kept?>(nil)

    func forecast(_ archive: any Archive, free: Int64, reserved: Int64, now: Date = Date()) async throws -> DiskForecast {
        let received: (bytes: Int, since: Date?)
        if let kept = kept.withLock({ $0 }), now.timeIntervalSince(kept.time) < Self.holds {
            received = kept.received
        } else {
            received = try await archive.receivedBytes(since: now.addingTimeInterval(-DiskForecast.window))
            kept.withLock { $0 = Kept(time: now, received: received) }
        }
        return DiskForecast(
            freeBytes: free, reservedBytes: reserved, receivedBytes: received.bytes, since: received.since ?? now, now: now)
    }
}
