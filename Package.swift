// swift-tools-version:6.1
import PackageDescription

// Floors, lowest first; a target may only use targets above it in this list (Documentation/Architecture.md).
// No unsafeFlags: the engines' headers and libraries come from .engines/pkgconfig, which `make` names to SwiftPM.

let swift: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]
let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let csv = Target.Dependency.product(name: "SwiftCSV", package: "SwiftCSV")
let xml = Target.Dependency.product(name: "XMLCoder", package: "XMLCoder")
let yaml = Target.Dependency.product(name: "Yams", package: "Yams")

func room(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .target(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: swift)
}
func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil) -> Target {
    .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: swift)
}

let package = Package(
    name: "Pleura",
    products: [
        .executable(name: "pleura", targets: ["pleura"]),
        .executable(name: "pleura-train", targets: ["pleura-train"]),
        .executable(name: "pleura-trainer", targets: ["pleura-trainer"]),
        // For Benchmarks/Kernels, a package of its own.
        .library(name: "PleuraKernels", targets: ["Findings", "Radiographs", "Models"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/swiftcsv/SwiftCSV", exact: "0.10.0"),
        .package(url: "https://github.com/CoreOffice/XMLCoder", exact: "0.18.2"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    ],
    targets: [
        // C faces: thin, no logic, every C++ exception becomes an error value.
        .systemLibrary(name: "CLibTorch", pkgConfig: "libtorch"),
        .systemLibrary(name: "COpenVINOHeaders", pkgConfig: "openvino"),
        .systemLibrary(name: "COpenJPEG", pkgConfig: "libopenjp2", providers: [.apt(["libopenjp2-7-dev"])]),
        .systemLibrary(name: "CCairo", pkgConfig: "cairo", providers: [.apt(["libcairo2-dev"])]),
        .systemLibrary(name: "CISAL", pkgConfig: "libisal", providers: [.apt(["libisal-dev"])]),
        .target(name: "CTorch", dependencies: ["CLibTorch"]),
        .target(name: "CMPI"),
        .target(name: "COpenVINO", dependencies: ["COpenVINOHeaders"]),
        .target(
            name: "CDICOM",
            linkerSettings: ["dcmjpls", "dcmjpeg", "dcmimgle", "dcmdata", "oflog", "ofstd", "z"].map { .linkedLibrary($0) }),
        .target(
            name: "CCodecs", dependencies: ["COpenJPEG"],
            linkerSettings: [.linkedLibrary("png16"), .linkedLibrary("turbojpeg")]),

        // Loops over pixels, made for each kind of processor.
        .target(name: "CPixels"),

        // What leaves the programs, whole or not at all.
        room("Outputs", []),

        // Values and pixels.
        room("Findings", [protobuf], exclude: ["Protos"]),
        room("Radiographs", ["Outputs", "Findings", "CCodecs", "CPixels", "CCairo"]),
        room("Charts", ["Findings", "Radiographs"]),
        // The table of the headers' words lies inside the program, as that of known weights.
        .target(
            name: "DICOM", dependencies: ["Findings", "Radiographs", "CDICOM", "CCodecs", "CPixels"],
            resources: [.embedInCode("Description/header_words.json")], swiftSettings: swift),
        // The table of known weights lies inside the program: it runs wherever it is copied to.
        .target(
            name: "ModelGraph", dependencies: ["CISAL", protobuf], exclude: ["Protos"],
            resources: [.embedInCode("KnownWeights/known_weights.json")], swiftSettings: swift),
        room("Models", ["Findings", "Radiographs", "ModelGraph", crypto]),
        room("ObjectDetectionAPI", [protobuf], exclude: ["Protos"]),
        room("Datasets", ["Outputs", "Findings", "Radiographs", "CISAL", csv, xml, yaml, crypto, protobuf], exclude: ["Protos"]),

        room("WeightFetching", ["ModelGraph", "Datasets", crypto]),
        room("Evaluation", ["Models", "Datasets", "Radiographs", "Findings"]),

        // Training.
        room("Tensors", ["CTorch", "CMPI"]),
        room("Networks", ["Tensors", "ModelGraph", "Findings"]),
        // Presets lie inside the program: it runs wherever it is copied to.
        .target(
            name: "Training",
            dependencies: [
                "Networks", "Tensors", "ModelGraph", "Charts", "Evaluation", "Datasets", "ObjectDetectionAPI", "Models", "Radiographs",
                "Findings", crypto, yaml, protobuf,
            ],
            exclude: ["Protos"], resources: [.embedInCode("Configuration/Presets")], swiftSettings: swift),

        // Use.
        room("Inference", ["Outputs", "ModelGraph", "Models", "Radiographs", "Findings", "COpenVINO"]),
        // What both command lines have in common.
        room("Console", ["Outputs", "Findings", argumentParser]),
        room("Reports", ["Outputs", "Charts", "Evaluation", "Models", "Datasets", "Radiographs", "Findings"]),

        .executableTarget(
            name: "pleura",
            dependencies: [
                "Console", "Outputs", "Findings", "Radiographs", "DICOM", "ModelGraph", "Models", "Datasets", "Evaluation",
                "WeightFetching", "Inference", "Reports",
                argumentParser,
            ],
            swiftSettings: swift),
        // Looks for LibTorch and becomes `pleura-trainer`.
        .executableTarget(name: "pleura-train"),
        .executableTarget(
            name: "pleura-trainer",
            dependencies: [
                "Console", "Outputs", "Evaluation", "ModelGraph", "Training", "Networks", "Tensors", "Datasets", "ObjectDetectionAPI",
                "Models", "Radiographs", "Findings", argumentParser,
            ],
            swiftSettings: swift),

        // `make bench-records`: a program of its own, since the peak memory of writing and of reading is that of a whole process.
        .executableTarget(
            name: "bench-records", dependencies: ["Datasets", "Findings"], path: "Benchmarks/bench-records", swiftSettings: swift),
        // `make bench-eval`.
        .executableTarget(
            name: "bench-evaluation", dependencies: ["Evaluation", "Findings"], path: "Benchmarks/bench-evaluation", swiftSettings: swift),

        // `make measure`.
        .executableTarget(
            name: "bench-detection", dependencies: ["Inference", "Models", "Radiographs", "DICOM"], path: "Benchmarks/bench-detection",
            swiftSettings: swift),

        // A network's step in every layout and precision.
        .executableTarget(
            name: "bench-step", dependencies: ["Networks", "Tensors", "Findings"], path: "Benchmarks/bench-step", swiftSettings: swift),

        // `make bench-train`: a training's steps, timed, its memory watched.
        .executableTarget(
            name: "bench-train", dependencies: ["Training", "Networks", "Tensors", "Datasets", "Radiographs"],
            path: "Benchmarks/bench-train", swiftSettings: swift),

        // Tests, one target a room; oracles are laid by `make oracles`.
        .target(name: "TestSupport", dependencies: ["Findings"], path: "Tests/TestSupport", swiftSettings: swift),
        .target(
            name: "TestModels", dependencies: ["Models", "Radiographs", "Findings", "TestSupport"], path: "Tests/TestModels",
            swiftSettings: swift),
        // What `mpirun` starts twice in the tests of training in several processes.
        .executableTarget(
            name: "mpi-check", dependencies: ["Networks", "Tensors", "Findings"], path: "Tests/mpi-check", swiftSettings: swift),
        tests("OutputsTests", ["Outputs", "TestSupport"]),
        tests("ConsoleTests", ["Console", "Outputs", argumentParser]),
        tests("FindingsTests", ["Findings", "TestSupport"], resources: [.copy("Fixtures")]),
        tests("RadiographsTests", ["Outputs", "Radiographs", "Findings", "TestSupport"]),
        tests("ChartsTests", ["Charts", "Radiographs", "Findings", "TestSupport"]),
        tests("DICOMTests", ["DICOM", "Radiographs", "Findings", "TestSupport"]),
        tests("ModelGraphTests", ["ModelGraph", "TestSupport", protobuf], resources: [.copy("Fixtures")]),
        tests("ModelsTests", ["Models", "Radiographs", "Findings", "TestSupport"]),
        tests("DatasetsTests", ["Datasets", "Radiographs", "Findings", "TestSupport", protobuf]),
        tests("WeightFetchingTests", ["WeightFetching", "ModelGraph", "TestSupport"]),
        tests(
            "EvaluationTests", ["Evaluation", "Models", "Datasets", "Radiographs", "Findings", "TestSupport"],
            resources: [.copy("Fixtures")]),
        tests("TensorsTests", ["Tensors", "TestSupport"], resources: [.copy("Fixtures")]),
        tests(
            "NetworksTests",
            ["mpi-check", "Networks", "Tensors", "ModelGraph", "Inference", "Models", "Radiographs", "Findings", "TestSupport"],
            resources: [.copy("Fixtures")]),
        tests(
            "TrainingTests",
            [
                "Training", "Charts", "Evaluation", "Networks", "Tensors", "Datasets", "ObjectDetectionAPI", "Models", "Radiographs",
                "Findings", "TestSupport",
                protobuf,
            ],
            resources: [.copy("Fixtures")]),
        tests(
            "InferenceTests", ["Outputs", "Inference", "ModelGraph", "Models", "Radiographs", "Findings", "TestModels", "TestSupport"],
            resources: [.copy("Fixtures")]),
        tests(
            "ReportsTests", ["Outputs", "Reports", "Evaluation", "Models", "Datasets", "Radiographs", "Findings", "TestSupport"],
            resources: [.copy("Fixtures")]),
        // Runs the built programs as a person does.
        tests(
            "CommandTests",
            ["pleura", "pleura-train", "pleura-trainer", "Evaluation", "Models", "Radiographs", "Findings", "TestModels", "TestSupport"],
            resources: [.copy("Fixtures")]),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c17,
    cxxLanguageStandard: .cxx20
)
