import Dispatch
import Foundation

/// The queue on which a session hands over what comes in. Foundation's session on Linux reads on while its delegate writes, so that a
/// fast network before a slow disk would fill the memory; this one lets a bounded number of pieces (16 KiB each) wait, then its caller.
///
/// Unchecked Sendable: `OperationQueue` is, and a class below it has to say so again. What it adds never changes.
final class ReceivingQueue: OperationQueue, @unchecked Sendable {
    private let free = DispatchSemaphore(value: 512)

    override init() {
        super.init()
        maxConcurrentOperationCount = 1
    }

    override func addOperation(_ operation: Operation) {
        let (free, done) = (self.free, operation.completionBlock)
        free.wait()
        operation.completionBlock = {
            done?()
            free.signal()
        }
        super.addOperation(operation)
    }
}
