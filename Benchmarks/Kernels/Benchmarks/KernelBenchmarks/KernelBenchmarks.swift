import Benchmark
import Kernels

let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = .init(metrics: [.wallClock, .throughput], maxDuration: .seconds(3))
    for kernel in Kernel.all {
        Benchmark(kernel.name) { benchmark in
            for _ in benchmark.scaledIterations { try kernel.run() }
        }
    }
}
