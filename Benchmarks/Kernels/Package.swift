// swift-tools-version:6.1
import PackageDescription

// Benchmarks of Pleura's loops in Swift. A package of its own: nobody who builds Pleura fetches what only benchmarks need.

let swift: [SwiftSetting] = [.enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility")]

let package = Package(
    name: "PleuraKernels",
    dependencies: [
        .package(name: "Pleura", path: "../.."),
        // No traits: jemalloc is not needed, since valgrind counts allocations (thresholds.json).
        .package(url: "https://github.com/ordo-one/benchmark", exact: "1.38.1", traits: []),
    ],
    targets: [
        .target(name: "Kernels", dependencies: [.product(name: "PleuraKernels", package: "Pleura")], swiftSettings: swift),
        // What valgrind watches: one kernel, so many times.
        .executableTarget(name: "kernel-run", dependencies: ["Kernels"], swiftSettings: swift),
        // `swift package benchmark`, for wall-clock times.
        .executableTarget(
            name: "KernelBenchmarks", dependencies: ["Kernels", .product(name: "Benchmark", package: "benchmark")],
            path: "Benchmarks/KernelBenchmarks", swiftSettings: swift, plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
    ],
    swiftLanguageModes: [.v6]
)
