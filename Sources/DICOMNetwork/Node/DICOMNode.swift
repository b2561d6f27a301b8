import CDICOMNetwork
import Foundation

/// A DICOM node that receives: C-ECHO, C-STORE and storage commitment, on threads of its own.
///
/// An object is answered with success only after its file and the folder are on the disk and the handler has taken it.
public final class DICOMNode: Sendable {
    public let settings: DICOMNodeSettings
    /// Where it listens, in the order of the settings' listeners.
    public let ports: [UInt16]

    private let handler: HandlerBox
    // Thread-safe behind its face; freed by `stop`, which is why the lock goes with it.
    nonisolated(unsafe) private var handle: OpaquePointer?
    private let lock = NSLock()
    nonisolated(unsafe) private var lastCounts = NodeCounts()

    /// Listens when it returns.
    /// - Throws: `DICOMNetworkError`: bad settings, a port that is taken, a certificate that does not fit.
    public init(_ settings: DICOMNodeSettings, handler: any DICOMNodeHandler) throws {
        self.settings = settings
        self.handler = HandlerBox(handler)
        var problem = CDICOMNetworkProblem()
        let context = Unmanaged.passUnretained(self.handler).toOpaque()
        guard let handle = try NodeSettingsForC(settings).start(context, &problem) else { throw DICOMNetworkError(problem) }
        self.handle = handle
        ports = settings.listeners.indices.map { CDICOMNodePort(handle, $0) }
    }

    deinit { stop() }

    /// Of now; after `stop`, those of its end.
    public var counts: NodeCounts {
        lock.withLock {
            if let handle {
                var counts = CDICOMNodeCounts()
                CDICOMNodeReadCounts(handle, &counts)
                lastCounts = NodeCounts(counts)
            }
            return lastCounts
        }
    }

    /// Ends listening at once, and associations that wait for a command. An object that is being received comes to its answer, for as long as `grace` seconds;
    /// what has not come by then is neither kept nor acknowledged. Returns when all threads have ended. Not to be called by a handler.
    public func stop(grace: Int = 10) {
        _ = counts
        let ending = lock.withLock {
            defer { handle = nil }
            return handle
        }
        guard let ending else { return }
        var last = CDICOMNodeCounts()
        CDICOMNodeStop(ending, UInt32(clamping: max(0, grace)), &last)
        lock.withLock { lastCounts = NodeCounts(last) }
    }
}

/// What C knows the handler by.
final class HandlerBox: Sendable {
    let handler: any DICOMNodeHandler
    init(_ handler: any DICOMNodeHandler) { self.handler = handler }

    static func from(_ context: UnsafeMutableRawPointer?) -> (any DICOMNodeHandler)? {
        context.map { Unmanaged<HandlerBox>.fromOpaque($0).takeUnretainedValue().handler }
    }
}
