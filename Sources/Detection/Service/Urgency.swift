/// How soon an answer is wanted.
public enum Urgency: String, Hashable, Sendable, CaseIterable, Codable {
    /// Somebody waits for this image: it overtakes all others, and has all cores to itself in the network.
    case now
    /// One image of many: in turn, several in the network at once, so that most images an hour are done.
    case soon
}
