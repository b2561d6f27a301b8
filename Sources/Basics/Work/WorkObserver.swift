/// Who waits for long work and wants to know how it goes: a progress bar, a job of a server, a test.
///
/// The work is one or several stretches, each between `begin` and `end`. Calls come one after another, on any thread.
public protocol WorkObserver: Sendable {
    /// A stretch of so many steps begins, such as the images of a dataset.
    func begin(_ total: Int)
    /// One more step is done, whatever came of it.
    func advance()
    /// The stretch is over.
    func end()
    /// Something cannot be used; the work goes on without it.
    /// - Parameters:
    ///   - name: The file's path, as the user named it.
    ///   - reason: One line, without patient data.
    func failed(_ name: String, _ reason: String)
    /// A line for those who like to know.
    func note(_ text: String)
    /// A line that everybody should see.
    func warn(_ text: String)
}

/// Nobody waits.
public struct SilentObserver: WorkObserver {
    public init() {}

    public func begin(_ total: Int) {}
    public func advance() {}
    public func end() {}
    public func failed(_ name: String, _ reason: String) {}
    public func note(_ text: String) {}
    public func warn(_ text: String) {}
}
