import CTorch

/// Switches of LibTorch as a whole, and scopes that change them for a while.
public enum Engine {
    public static var version: String { String(cString: ct_version()) }

    /// Threads one operator may use. The number of threads is part of what makes a CPU run repeatable.
    public static func setThreads(_ count: Int) { ct_set_threads(Int32(count)) }

    /// Seeds LibTorch's own random numbers (dropout, `randn`).
    public static func seed(_ seed: UInt64) { ct_seed(seed) }

    public static var hasCUDA: Bool { ct_cuda_available() }

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
}
