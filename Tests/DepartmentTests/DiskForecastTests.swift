import Department
import Foundation
import Testing

@Suite struct DiskForecastTests {
    private static let now = Date(timeIntervalSince1970: 1_790_000_000)

    private static func days(free: Int64, reserved: Int64 = 100, received: Int, days: Double) -> Double? {
        DiskForecast(
            freeBytes: free, reservedBytes: reserved, receivedBytes: received, since: now.addingTimeInterval(-days * 86_400), now: now
        ).days
    }

    @Test func asMuchComesAsCame() {
        // 140 bytes in 14 days are 10 a day; of 1,100 bytes 1,000 may go.
        #expect(Self.days(free: 1_100, received: 140, days: 14) == 100)
        #expect(Self.days(free: 1_100, received: 140, days: 7) == 50)
        // An hour's burst is no day's.
        #expect(Self.days(free: 1_100, received: 10, days: 1.0 / 24) == 100)
    }

    @Test func whatIsReservedIsFull() {
        #expect(Self.days(free: 100, received: 1, days: 1) == 0 && Self.days(free: 5, received: 0, days: 1) == 0)
    }

    @Test func ofNothingNobodyCanTell() {
        #expect(Self.days(free: 1_100, received: 0, days: 14) == nil)
        // Not within a hundred years.
        #expect(Self.days(free: 1 << 60, received: 1, days: 14) == nil)
    }
}
