import Foundation
import Synchronization

/// Slows those down who guess passwords: counted for the account and for the address, each by itself. From the fifth failure on the next try has to
/// wait, twice as long each time.
final class Throttle: Sendable {
    private struct Failures {
        var count: Int
        var until: Date
    }

    private let table = Mutex<[String: Failures]>([:])
    private static let free = 5
    private static let longest: TimeInterval = 900
    private static let mostRemembered = 10_000

    /// Seconds to wait; `nil` where nobody has to.
    func delay(_ names: [String], now: Date = Date()) -> TimeInterval? {
        table.withLock { table in names.compactMap { table[$0]?.until.timeIntervalSince(now) }.filter { $0 > 0 }.max() }
    }

    func failed(_ names: [String], now: Date = Date()) {
        table.withLock { table in
            for name in names {
                let count = (table[name]?.count ?? 0) + 1
                let pause = count < Self.free ? 0 : min(Self.longest, pow(2, Double(min(count - Self.free, 20))))
                table[name] = Failures(count: count, until: now.addingTimeInterval(pause))
            }
            guard table.count > Self.mostRemembered else { return }
            table = table.filter { $0.value.until.timeIntervalSince(now) > -Self.longest }
            // Somebody invents names faster than they are forgotten.
            if table.count > Self.mostRemembered { table = table.filter { $0.value.count >= Self.free } }
            if table.count > 2 * Self.mostRemembered { table = [:] }
        }
    }

    func succeeded(_ names: [String]) { table.withLock { table in for name in names { table[name] = nil } } }
}
