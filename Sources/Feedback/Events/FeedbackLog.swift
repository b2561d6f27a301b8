import Foundation
import HashChains

/// A site's feedback: events in the order in which they came, in one file that only grows.
public struct FeedbackLog: Sendable {
    private let file: ChainFile<FeedbackEvent>

    /// - Parameter folder: Where `feedback.jsonl` lies, or will.
    public init(folder: URL) { file = ChainFile(folder.appendingPathComponent("feedback.jsonl"), word: "event") }

    /// All events, checked.
    /// - Throws: `ChainError` that names the first event that is not as it was written, or is missing.
    public func events() throws -> [FeedbackEvent] { try file.read() }

    /// Adds events, in their order, and waits until they are on the disk.
    /// - Returns: All events.
    /// - Throws: `ChainError`; nothing is added to a chain that is broken.
    @discardableResult
    public func append(_ new: [(FeedbackEvent.Content, FeedbackEvent.Context)]) throws -> [FeedbackEvent] {
        var events = try self.events()
        let known = events.count
        for (content, context) in new { events.append(FeedbackEvent(after: events.last, content, context)) }
        try file.append(Array(events[known...]))
        return events
    }
}
