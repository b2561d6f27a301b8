import CDICOMNetwork

/// Ends a client's call from another thread, whatever it waits for.
public final class Cancellation: Sendable {
    // Written once, and thread-safe behind its face.
    nonisolated(unsafe) let handle: OpaquePointer?

    public init() { handle = CDICOMCancellationNew() }

    deinit { CDICOMCancellationFree(handle) }

    /// The call ends with the code `cancelled`; so does every later call with this value.
    public func cancel() { CDICOMCancellationCancel(handle) }
}
