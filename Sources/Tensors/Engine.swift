import CTorch

/// Switches of LibTorch as a whole, and scopes that change them for a while.
public enum Engine {
    public static var version: String { String(cString: ct_version()) }

    /// Threads one operator may use. The number of threads is part of what makes a CPU run repeatable.
    public static func setThreads(_ count: Int) { ct_set_threads(Int32(count)) }

    /// Seeds LibTorch's own random numbers (dropout, `randn`).
    public static func seed(_ seed: UInt64) { ct_seed(seed) }

    /// Keeps memory that is freed for the next tensors instead of giving it back to the system, which hands out pages only after it has
    /// cleared them: a step frees and takes gigabytes. To be called at the start of a program that trains. SSDLite's step was 1.03 (bf16) to
    /// 1.2 times (f32) as fast for it (`bench-step`).
    /// - Returns: Whether the C library can.
    @discardableResult
    public static func keepFreedMemory() -> Bool { ct_keep_freed_memory() }

    /// Gives freed pages back to the system, wherever in the heap they lie. Kept memory is cut into pieces by what lives longer than a step
    /// (a checkpoint on its way to the disk), and the holes would add up over hours.
    public static func releaseFreedMemory() { ct_release_freed_memory() }

    /// From now on counts what this thread spends in LibTorch's own code, for `ownSeconds`.
    package static func countOwnTime() { _ = ct_engine_seconds(true) }

    /// Seconds in operators, `backward()`, copies and the freeing of tensors since `countOwnTime`; 0 where nobody counts.
    package static var ownSeconds: Double { ct_engine_seconds(false) }

    /// Makes CUDA usable by a program that was linked with the CPU part only: loads `libtorch_cuda.so` by `path`, or wherever the
    /// loader finds it. To be called before the first tensor goes to a GPU.
    public static func loadCUDA(path: String = "libtorch_cuda.so") throws {
        guard ct_load_library(path) else { throw TensorError(.noDevice, lastEngineError()) }
        guard ct_cuda_available() else { throw TensorError(.noDevice, "LibTorch sees no CUDA device") }
    }

    /// Runs `body` without recording for `backward()`.
    @discardableResult
    public static func withoutGradients<Result>(_ body: () throws -> Result) rethrows -> Result {
        let former = ct_set_gradients_enabled(false)
        defer { _ = ct_set_gradients_enabled(former) }
        return try body()
    }

    /// Runs `body` with convolutions and products in bfloat16 (parameters stay 32-bit). Cast parameters are kept until the end, so
    /// `backward()` belongs after it, and an optimiser's step too.
    public static func withAutocast<Result>(_ enabled: Bool, device: Device, _ body: () throws -> Result) rethrows -> Result {
        guard enabled else { return try body() }
        ct_set_autocast(device.name, true)
        defer {
            ct_set_autocast(device.name, false)
            ct_clear_autocast_cache()
        }
        return try body()
    }

    /// Whether convolutions and products on the device are now in bfloat16.
    public static func isAutocast(on device: Device) -> Bool { ct_autocast(device.name) }

    /// Runs `body` in the precision of its tensors, within `withAutocast` too.
    public static func withoutAutocast<Result>(device: Device, _ body: () throws -> Result) rethrows -> Result {
        guard isAutocast(on: device) else { return try body() }
        ct_set_autocast(device.name, false)
        defer { ct_set_autocast(device.name, true) }
        return try body()
    }
}
