/// How a program ends: the exit codes of the command line's contract.
public enum ExitStatus: Int32, Error, Hashable, Sendable {
    case done = 0
    case someInputsFailed = 1
    case wrongUse = 2
    case somethingMissing = 3
    /// By SIGINT (128 + 2, as shells say it); what had been begun is done and written.
    case interrupted = 130
    /// By SIGTERM.
    case terminated = 143
}
