import Synchronization

/// Contents of readings by their JSON: a series of five hundred images is looked at anew with each that is read, and what was said is never changed.
final class ReadingContents: Sendable {
    private struct Known {
        var contents: [String: Reading.Content] = [:]
        var bytes = 0
    }

    static let shared = ReadingContents()
    private let known = Mutex(Known())
    /// Of JSON; what is made of it takes some three times as much.
    private static let limit = 8 << 20

    func content(of text: String) throws -> Reading.Content {
        if let content = known.withLock({ $0.contents[text] }) { return content }
        let content = try StoredJSON.value(text, Reading.Content.self)
        known.withLock { known in
            if known.bytes > Self.limit { known = Known() }
            known.contents[text] = content
            known.bytes += text.utf8.count
        }
        return content
    }
}
