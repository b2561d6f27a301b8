import Foundation

extension DICOMClient {
    /// Makes calls on a thread of their own, so that a task may wait for them. The task's cancellation ends them.
    /// - Parameter calls: Hand the cancellation on to each call.
    public func onOwnThread<Value: Sendable>(
        _ calls: @escaping @Sendable (_ client: DICOMClient, _ cancellation: Cancellation) throws -> Value
    ) async throws -> Value {
        let cancellation = Cancellation()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                Thread.detachNewThread { continuation.resume(with: Result { try calls(self, cancellation) }) }
            }
        } onCancel: {
            cancellation.cancel()
        }
    }
}
