import Foundation

/// Work that waits for disks or keeps a core busy for long, on threads of its own: Swift's few threads answer everybody else meanwhile.
public struct BlockingWork: Sendable {
    private let queue: OperationQueue

    /// - Parameter width: How much of it runs at once; what comes more waits.
    public init(width: Int) {
        queue = OperationQueue()
        queue.maxConcurrentOperationCount = max(1, width)
    }

    public func run<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.addOperation { continuation.resume(with: Swift.Result { try work() }) }
        }
    }
}
