/// What to do with an answer to a request for a file's bytes from an offset on.
enum AnswerDecision: Equatable {
    /// Write the body from `offset` on; the whole file has `total` bytes, where that is known.
    case receive(offset: Int, total: Int?)
    /// All bytes are here already.
    case complete
    /// What is here is of no use; ask again from the start.
    case startOver
    /// Try again, after so many seconds where the server says.
    case tryLater(reason: String, seconds: Double?)
    /// The server does not have the file under this name.
    case notThere(reason: String)
    case refuse(reason: String)

    /// - Parameters:
    ///   - offset: Bytes that are here; over 0, the request asked for the rest (`Range`).
    ///   - known: What is known of the version that is here.
    ///   - published: Bytes of the whole file, where published.
    init(_ answer: HTTPAnswer, offset: Int, known: PartialFile.Version?, published: Int?) {
        switch answer.status {
        case 200:
            self = Self.whole(answer, published: published)
        case 206:
            self =
                offset > 0
                ? Self.part(answer, offset: offset, known: known, published: published)
                : .refuse(reason: "the server sends a part of it, unasked")
        case 416 where offset > 0:
            // "*/total": the file ends where we are, or it is shorter than what is here, which is then of another version.
            self = answer.contentRange?.total == offset && (published ?? offset) == offset ? .complete : .startOver
        case 404, 410:
            self = .notThere(reason: "the server does not have it (status \(answer.status))")
        case 408, 425, 429, 500, 502, 503, 504:
            self = .tryLater(reason: "the server answers with status \(answer.status)", seconds: answer.retryAfter)
        default:
            self = .refuse(reason: "the server answers with status \(answer.status)")
        }
    }

    /// Also the answer of a server that ignores ranges, or has another version than ours (If-Range): then from the start.
    private static func whole(_ answer: HTTPAnswer, published: Int?) -> AnswerDecision {
        if let reason = unfit(answer) { return .refuse(reason: reason) }
        if let promised = answer.contentLength, let published, promised != published {
            return .refuse(reason: "the server promises \(promised) bytes, \(published) are published")
        }
        return .receive(offset: 0, total: published ?? answer.contentLength)
    }

    private static func part(_ answer: HTTPAnswer, offset: Int, known: PartialFile.Version?, published: Int?) -> AnswerDecision {
        if let reason = unfit(answer) { return .refuse(reason: reason) }
        guard let range = answer.contentRange, let first = range.first, let last = range.last else {
            return .refuse(reason: "the server sends a part without saying which")
        }
        guard first == offset else { return .refuse(reason: "the server sends bytes from \(first) on, asked from \(offset) on") }
        if let total = range.total, total <= last {
            return .refuse(reason: "the server sends bytes up to \(last) of \(total)")
        }
        if let total = range.total, let published, total != published {
            return .refuse(reason: "the server says it has \(total) bytes, \(published) are published")
        }
        // A server that does not know If-Range can send the rest of another version.
        if let ours = known?.entityTag, let theirs = answer.entityTag, ours != theirs { return .startOver }
        if let ours = known?.total, let theirs = range.total, ours != theirs { return .startOver }
        if let promised = answer.contentLength, promised != last - first + 1 {
            return .refuse(reason: "the server promises \(promised) bytes and says that they are \(first) to \(last)")
        }
        return .receive(offset: offset, total: published ?? range.total)
    }

    private static func unfit(_ answer: HTTPAnswer) -> String? {
        if answer.isWebPage { return "the server sends a web page instead" }
        if let coding = answer.coding { return "the server sends it encoded (\(coding))" }
        return nil
    }
}
