import CMPI
import Foundation

/// Processes that `mpirun` or `srun` started, over Open MPI, which is loaded when it is asked for and need not be there otherwise.
///
/// Tensors on a GPU go through the CPU's memory. One of these a process.
public final class MPIProcessGroup: ProcessGroup {
    public let rank: Int
    public let count: Int

    /// Joins the processes that were started together; waits until all have.
    /// - Parameter library: Open MPI's `libmpi.so`; `nil` for wherever the loader finds it.
    /// - Throws: `TensorError` where there is no MPI, or it is not Open MPI.
    public init(library: String? = nil) throws {
        var rank: Int32 = 0
        var count: Int32 = 0
        guard cmpi_load(library), cmpi_start(), cmpi_place(&rank, &count) else { throw Self.error() }
        self.rank = Int(rank)
        self.count = Int(count)
    }

    /// Runs `body` with the processes that this one was started with: those of MPI where `mpirun` or `srun` started several, else by
    /// itself. Where `body` throws while others are there, all processes end, after `failed` was told why; else the error goes on.
    /// - Parameter asked: Use MPI also where nothing in the environment tells of several processes.
    public static func run<Result>(
        environment: [String: String] = ProcessInfo.processInfo.environment, asked: Bool = false, library: String? = nil,
        failed: (any Error) -> Void, _ body: (any ProcessGroup) throws -> Result
    ) throws -> Result {
        let launch = try ProcessLaunch(environment: environment)
        guard launch != nil || asked else { return try body(SingleProcess()) }
        let group: any ProcessGroup
        do {
            group = try MPIProcessGroup(library: library)
        } catch let error as TensorError {
            let several = launch.map { "this is one of \($0.count.map(String.init) ?? "several") processes, but " } ?? ""
            throw TensorError(error.code, several + error.reason)
        }
        do {
            let result = try body(group)
            group.finish()
            return result
        } catch {
            if group.count > 1 {
                failed(error)
                group.abort()
            }
            group.finish()
            throw error
        }
    }

    /// What the library calls itself, its first line.
    public var version: String {
        var text = [CChar](repeating: 0, count: 256)
        cmpi_version(&text, Int32(text.count))
        let whole = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return whole.split(separator: "\n").first.map(String.init) ?? whole
    }

    public func sum(_ tensors: [Tensor]) throws {
        guard count > 1, !tensors.isEmpty else { return }
        try Engine.withoutGradients {
            // One buffer: a message costs its latency, however short it is.
            let buffer = try Tensor.flattened(tensors)
            let count = Int64(buffer.count)
            let summed = try buffer.withBytes { bytes in
                buffer.isDouble
                    ? cmpi_sum_doubles(bytes.assumingMemoryBound(to: Double.self), count)
                    : cmpi_sum_floats(bytes.assumingMemoryBound(to: Float.self), count)
            }
            guard summed else { throw Self.error() }
            try buffer.unflatten(into: tensors)
        }
    }

    public func broadcast(_ tensors: [Tensor], from root: Int) throws {
        guard (0..<count).contains(root) else { throw TensorError(.processes, "there is no process \(root), only \(count)") }
        guard count > 1, !tensors.isEmpty else { return }
        try Engine.withoutGradients {
            let buffer = try Tensor.flattened(tensors)
            let bytes = Int64(buffer.count * (buffer.isDouble ? 8 : 4))
            guard try buffer.withBytes({ cmpi_broadcast($0, bytes, Int32(root)) }) else { throw Self.error() }
            try buffer.unflatten(into: tensors)
        }
    }

    public func barrier() throws {
        guard cmpi_barrier() else { throw Self.error() }
    }

    public func abort() { cmpi_abort(1) }

    public func finish() { _ = cmpi_finish() }

    private static func error() -> TensorError { TensorError(.processes, String(cString: cmpi_last_error())) }
}
