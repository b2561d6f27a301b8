import Foundation

/// When the disk of the archive will be full, if as much comes as came lately.
public struct DiskForecast: Hashable, Sendable {
    /// The time that is looked back on.
    public static let window: TimeInterval = 14 * 86_400

    /// Days until only the reserve is left; 0 where no more than that is left now. `nil` where nothing came, or for longer than a hundred years.
    public let days: Double?

    /// - Parameters:
    ///   - freeBytes: What the disk has left.
    ///   - reservedBytes: What uploads leave for the database.
    ///   - receivedBytes: What came since `start`.
    ///   - start: When what is looked back on began: within the window, or when the first file came where that is later.
    public init(freeBytes: Int64, reservedBytes: Int64, receivedBytes: Int, since start: Date, now: Date = Date()) {
        let left = Double(freeBytes) - Double(reservedBytes)
        // Of less than a day nobody can tell what comes in one.
        let passed = max(now.timeIntervalSince(start), 86_400) / 86_400
        let aDay = Double(receivedBytes) / passed
        guard left > 0 else {
            days = 0
            return
        }
        days = aDay > 0 && left / aDay < 36_525 ? left / aDay : nil
    }
}
