// swift-tools-version:6.2
import PackageDescription

// Floors, lowest first; a target may only use targets above it in this list (Documentation/Architecture.md).
// No unsafeFlags: the engines' headers and libraries come from .engines/pkgconfig, which `make` names to SwiftPM.

let swift: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]
let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let csv = Target.Dependency.product(name: "SwiftCSV", package: "SwiftCSV")
let xml = Target.Dependency.product(name: "XMLCoder", package: "XMLCoder")
let yaml = Target.Dependency.product(name: "Yams", package: "Yams")
let sqlite = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
func hummingbird(_ name: String) -> Target.Dependency { .product(name: name, package: "hummingbird") }
func nio(_ name: String, _ package: String = "swift-nio") -> Target.Dependency { .product(name: name, package: package) }
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let httpClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let lifecycle = [
    Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
    .product(name: "UnixSignals", package: "swift-service-lifecycle"),
]

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
        .executable(name: "pleura-serve", targets: ["pleura-serve"]),
        // For Benchmarks/Kernels, a package of its own.
        .library(name: "PleuraKernels", targets: ["Basics", "Geometry", "Findings", "Radiographs", "Models"]),
        // For the tests of packages that add to Pleura.
        .library(name: "PleuraTesting", targets: ["PleuraTesting"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/swiftcsv/SwiftCSV", exact: "0.10.0"),
        .package(url: "https://github.com/CoreOffice/XMLCoder", exact: "0.18.2"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        // What follows is built for `pleura-serve` and its tests alone. Without the trait ConfigurationSupport swift-configuration is not built.
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: ["FullFoundation"]),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    ],
    targets: [
        // C faces: thin, no logic, every C++ exception becomes an error value.
        .systemLibrary(name: "CLibTorch", pkgConfig: "libtorch"),
        .systemLibrary(name: "COpenVINOHeaders", pkgConfig: "openvino"),
        .systemLibrary(name: "COpenJPEG", pkgConfig: "libopenjp2", providers: [.apt(["libopenjp2-7-dev"])]),
        .systemLibrary(name: "CCairo", pkgConfig: "cairo", providers: [.apt(["libcairo2-dev"])]),
        .systemLibrary(name: "CISAL", pkgConfig: "libisal", providers: [.apt(["libisal-dev"])]),
        .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
        .systemLibrary(name: "CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
        .systemLibrary(name: "CPostgreSQL", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
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
        // The same over voxels, with threads.
        .target(name: "CVolumes", linkerSettings: [.linkedLibrary("m")]),

        // What every room may need, one of each.
        .target(name: "CDigests", linkerSettings: [.linkedLibrary("crypto")]),
        room("Basics", ["CDigests"]),
        room("Geometry", []),

        // Keys and values that a person wrote into a file, each fault with its key.
        room("SettingsFiles", ["Basics", yaml]),

        // What leaves the programs, whole or not at all.
        room("Outputs", ["Basics"]),

        // Values and pixels.
        // The table of sentences lies inside the program, as other tables do below.
        .target(
            name: "Findings", dependencies: ["Basics", "Geometry"],
            resources: [.embedInCode("Words/sentences.en.json"), .embedInCode("Words/sentences.de.json")],
            swiftSettings: swift),
        room("Radiographs", ["CCairo", "CCodecs", "CPixels", "Basics", "Geometry", "Outputs", "Findings"]),
        room("Charts", ["Basics", "Geometry", "Findings", "Radiographs"]),
        // The table of the headers' words lies inside the program, as that of known weights.
        .target(
            name: "DICOM", dependencies: ["CDICOM", "CCodecs", "CPixels", "Basics", "Findings", "Radiographs"],
            exclude: ["DataElements"], resources: [.embedInCode("Description/header_words.json")], swiftSettings: swift),
        // CT: slices to a volume whose place in the patient is known; lungs.
        room("Volumes", ["CVolumes", "CISAL", "Basics", "Radiographs", "DICOM"]),
        // Where nodules may be, and what can be measured of one.
        room("Nodules", ["CVolumes", "Volumes"]),
        // Scans of chests that were drawn, with nodules whose place and size are known.
        room("VolumePhantoms", ["CVolumes", "Basics", "DICOM", "Volumes"]),
        // Places that are nodules or not, to learn from; read without DICOM.
        room("NoduleExamples", ["Basics"]),
        room("ModelGraph", ["Basics", protobuf], exclude: ["Protos"]),
        room("LabelMaps", ["Basics", "Findings", protobuf], exclude: ["Protos"]),
        // A site may lay a table of its own over it.
        .target(
            name: "Terminology", dependencies: ["Basics"], resources: [.embedInCode("Codes/terminology.json")],
            swiftSettings: swift),
        // What is particular to a kind of image: one file. The built-in ones lie inside the program.
        .target(
            name: "Domains", dependencies: ["Basics", "Findings", "Radiographs", "Terminology", "SettingsFiles"],
            resources: ["chest-radiograph", "blood-smear", "bone-radiograph", "ultrasound", "magnetic-resonance"].map {
                .embedInCode("BuiltIn/\($0).yaml")
            }, swiftSettings: swift),
        room("Models", ["Basics", "Geometry", "Findings", "Radiographs", "LabelMaps", "Domains"]),
        // Where lungs and heart are, and what follows from it.
        room("Anatomy", ["Geometry", "Findings", "Radiographs"]),
        room("ObjectDetectionAPI", ["Basics", protobuf], exclude: ["Protos"]),
        // Data to learn from and to measure with.
        .target(
            name: "Datasets", dependencies: ["Basics", "Geometry", "Outputs", "Findings", "Radiographs", "LabelMaps", csv],
            resources: [.embedInCode("Ontology/ontology.json"), .embedInCode("Sources/nih14.json")], swiftSettings: swift),
        // Real patches and drawn scans become such examples.
        room("NoduleSources", ["Basics", "Datasets", "NoduleExamples", "Nodules", "VolumePhantoms", "Volumes"]),
        room("TFRecords", ["Basics", "Datasets", "CISAL", protobuf], exclude: ["Protos"]),
        room("Interchange", ["Basics", "Geometry", "Findings", "Radiographs", "LabelMaps", "Datasets"]),
        // Above Interchange, so that formats do not wait for it.
        room("DatasetChecks", ["Basics", "Geometry", "Findings", "Radiographs", "LabelMaps", "Datasets", "Interchange"]),
        // Every kind of image that is decoded, as datasets look at it.
        room("DatasetImages", ["Radiographs", "DICOM", "Datasets"]),
        room("DocumentFormats", ["Basics", "Geometry", "Findings", "Datasets", "Interchange", xml]),
        room("TableFormats", ["Basics", "Geometry", "Findings", "Datasets", "Interchange"]),
        room(
            "AnnotationFormats",
            [
                "Basics", "Geometry", "Findings", "LabelMaps", "Datasets", "TFRecords", "Interchange", "DocumentFormats", "TableFormats",
                yaml, protobuf,
            ]),
        room("Phantoms", ["Basics", "Geometry", "Findings", "Radiographs", "Datasets"]),

        // Weights to start from. The table of known weights lies inside the program: it runs wherever it is copied to.
        room("Fetching", ["Basics", "Datasets"]),
        .target(
            name: "Weights", dependencies: ["Basics", "ModelGraph", "CISAL", protobuf], exclude: ["Protos"],
            resources: [.embedInCode("KnownWeights/known_weights.json")], swiftSettings: swift),
        room("WeightFetching", ["Basics", "ModelGraph", "Datasets", "Fetching", "Weights"]),

        room("Evaluation", ["Basics", "Geometry", "Findings", "Models", "Datasets"]),
        room("EvaluationReports", ["Basics", "Geometry", "Findings", "Models", "Datasets", "Evaluation"]),
        room("Predictions", ["Basics", "Geometry", "Findings", "Datasets", "DocumentFormats", "Evaluation"]),

        // The learning loop: what readers said, what may change, what did change, what is read next. None knows an archive or runs a model.
        room("HashChains", ["Basics"]),
        room("Feedback", ["Basics", "Geometry", "Findings", "Datasets", "HashChains"]),
        .target(
            name: "ChangeGate",
            dependencies: ["Basics", "Findings", "Models", "Datasets", "Evaluation", "EvaluationReports", "HashChains"],
            resources: [.embedInCode("Words/gate.en.json"), .embedInCode("Words/gate.de.json")], swiftSettings: swift),
        room("Watching", ["Basics", "Findings", csv]),
        room("ReadingLists", ["Basics", "Radiographs"]),

        // Training.
        room("Tensors", ["CTorch", "CMPI", "Basics"]),
        room("Networks", ["Basics", "Geometry", "Findings", "ModelGraph", "Weights", "Tensors"]),
        room("TrainingExamples", ["Basics", "Geometry", "Findings", "Radiographs", "Domains", "Datasets", "Phantoms", "Networks"]),
        // Presets lie inside the program: it runs wherever it is copied to.
        .target(
            name: "TrainingSettings",
            dependencies: [
                "Basics", "Geometry", "Findings", "Radiographs", "Datasets", "Evaluation", "Networks", "TrainingExamples", yaml,
            ],
            resources: [.embedInCode("Presets")], swiftSettings: swift),
        room("Migration", ["Radiographs", "ObjectDetectionAPI", "TrainingExamples", "TrainingSettings"]),
        room(
            "RunRecords",
            [
                "Basics", "Geometry", "Findings", "Radiographs", "Charts", "Datasets", "TFRecords", "Evaluation", "Tensors", "Networks",
                "TrainingExamples", "TrainingSettings", protobuf,
            ],
            exclude: ["Protos"]),
        room(
            "Training",
            [
                "Basics", "Geometry", "Findings", "Radiographs", "ModelGraph", "Domains", "Models", "Datasets", "Weights", "Evaluation",
                "Tensors",
                "Networks", "TrainingExamples", "TrainingSettings", "RunRecords",
            ]),

        // Networks of nodules on CT: learnt from examples, to a bundle.
        .target(
            name: "NoduleTraining",
            dependencies: [
                "Basics", "Findings", "Radiographs", "ModelGraph", "Models", "Evaluation", "NoduleExamples", "SettingsFiles", "Tensors",
                "Networks",
            ], resources: [.embedInCode("Presets")], swiftSettings: swift),

        // What was found in a study, for other systems: values, the codes of concepts, DICOM objects.
        room("Results", ["Geometry"]),
        // DCMTK's own look at a report: the relations that its SOP class allows.
        .target(name: "CStructuredReport", linkerSettings: ["dcmsr", "dcmdata", "oflog", "ofstd"].map { .linkedLibrary($0) }),
        .systemLibrary(name: "CCairoPDF", pkgConfig: "cairo-pdf", providers: [.apt(["libcairo2-dev"])]),
        room(
            "ResultObjects",
            [
                "CCairoPDF", "CCodecs", "CStructuredReport", "Basics", "Geometry", "Findings", "Radiographs", "DICOM", "Results",
                "Terminology",
            ]),

        // Use.
        room("Inference", ["COpenVINO", "Basics", "Models"]),
        room("Quantisation", ["COpenVINO", "ModelGraph", "Models", "Inference"]),
        room(
            "Detection", ["Basics", "Geometry", "Outputs", "Findings", "Radiographs", "Anatomy", "Domains", "Models", "Inference", logging]),
        // A CT scan to its nodules: candidates, the network's scores, masks, measurements.
        room("NoduleDetection", ["Basics", "Volumes", "Nodules", "NoduleExamples", "Models", "Inference"]),
        // Why a box: maps of a network that scores images, each beside a control that knows the box.
        room(
            "Explanations",
            ["Basics", "Geometry", "Findings", "Radiographs", "ModelGraph", "Models", "Inference", "Quantisation", "Detection"]),
        // What this machine has of it all.
        room("Installation", ["Basics", "Models", "Inference", "Detection"]),
        // A model, or another tool's predictions, measured on a dataset.
        room(
            "Assessment",
            [
                "Basics", "Geometry", "Findings", "Radiographs", "Domains", "Models", "Datasets", "Evaluation", "EvaluationReports",
                "Predictions", "Inference", "Quantisation", "Anatomy", "Detection", "Explanations",
            ]),
        // The learning loop on datasets and models: candidates, the gate, the models of a site and what became of them, acceptance.
        room(
            "Improvement",
            [
                "Basics", "Geometry", "Findings", "Radiographs", "Models", "Datasets", "Evaluation", "EvaluationReports", "Detection",
                "Assessment", "HashChains", "ChangeGate", "ReadingLists",
            ]),
        // What both command lines have in common.
        room("Console", ["Basics", "Outputs", "Findings", argumentParser]),
        room("Reports", ["Basics", "Geometry", "Outputs", "Findings", "Terminology", "Datasets", "DatasetChecks"]),
        // What was found in a CT scan, for programs and people.
        room(
            "NoduleReports",
            ["Basics", "Geometry", "Outputs", "Findings", "Radiographs", "Volumes", "Nodules", "NoduleDetection", "Reports"]),
        // CT series among the files that a person names, read one after another.
        room(
            "ScanDetection",
            [
                "Basics", "Outputs", "Findings", "DICOM", "Volumes", "Nodules", "Models", "Results", "ResultObjects", "Inference",
                "NoduleDetection", "Reports", "NoduleReports",
            ]),
        // A model of nodules, or a list of marks, held against nodules that are known.
        room(
            "NoduleAssessment",
            ["Basics", "Findings", "Datasets", "Evaluation", "Volumes", "Nodules", "NoduleDetection", "NoduleReports", "ScanDetection"]),
        // Style and script are files of their own and lie inside the program: a page needs nothing beside it.
        .target(
            name: "Pages",
            dependencies: [
                "Basics", "Geometry", "Outputs", "Findings", "Radiographs", "Charts", "Models", "Datasets", "Evaluation",
                "EvaluationReports",
                "ChangeGate", "Watching", "Improvement", "Reports",
            ],
            resources: [.embedInCode("Style"), .embedInCode("Script")], swiftSettings: swift),
        // Many files through a model into a folder for people.
        room(
            "BatchDetection",
            [
                "Basics", "Outputs", "Findings", "Radiographs", "Anatomy", "DICOM", "Models", "Results", "ResultObjects", "Inference",
                "Detection", "Explanations", "Reports", "Pages",
            ]),

        // How results travel.
        room("HL7", ["Basics", "Geometry", "Results", "Terminology", yaml]),
        room("FHIR", ["Basics", "Geometry", "Results", "Terminology"]),
        room("AuditMessages", ["Basics"]),
        .target(name: "CDICOMDatasets", linkerSettings: ["dcmdata", "oflog", "ofstd", "z"].map { .linkedLibrary($0) }),
        room("DICOMWeb", ["CDICOMDatasets", "Basics"]),
        .target(
            name: "Deidentification", dependencies: ["CDICOMDatasets", "CSodium", "Basics"], resources: [.embedInCode("Table")],
            swiftSettings: swift),

        // Other systems over the network. Nothing else knows DCMTK's network or a socket's.
        .target(
            name: "CDICOMNetwork",
            linkerSettings: [
                "dcmtls", "dcmnet", "dcmjpeg", "dcmjpls", "dcmimgle", "dcmdata", "oflog", "ofstd", "z", "ssl", "crypto", "pthread",
            ].map { .linkedLibrary($0) }),
        room("DICOMNetwork", ["CDICOMNetwork", "Basics"]),
        room(
            "Peers",
            [
                "CSodium", "Basics", "HL7", nio("NIOCore"), nio("NIOPosix"), nio("NIOConcurrencyHelpers"), nio("NIOFoundationCompat"),
                nio("NIOTLS"), nio("NIOHTTP1"), nio("NIOSSL", "swift-nio-ssl"), httpClient, logging,
            ]),

        // Which study is read first.
        room("Triage", ["Basics", "Findings", csv]),

        // The department: what was received is kept, read, reviewed and signed.
        room("Archive", ["CPostgreSQL", "Basics", "Geometry", "Results", sqlite]),
        .target(
            name: "Department",
            dependencies: [
                "CZip", "Basics", "Geometry", "Findings", "Radiographs", "Anatomy", "DICOM", "Models", "Datasets", "Interchange",
                "DatasetImages",
                "DocumentFormats", "Volumes", "NoduleDetection", "NoduleReports", "Inference", "Detection", "Explanations", "Reports",
                "Results", "Triage",
                "Archive", logging,
            ],
            resources: [.embedInCode("Words")], swiftSettings: swift),
        // The learning loop on an archive: its reviews as events, a dataset of them.
        room(
            "SiteFeedback",
            [
                "Basics", "Geometry", "Findings", "Radiographs", "DICOM", "Models", "Datasets", "Interchange", "DatasetImages",
                "DocumentFormats",
                "Detection", "Archive", "Department", "Feedback", "ChangeGate", "Watching", "ReadingLists",
            ]),
        // The department in a hospital's network: where results go, what comes from there.
        room(
            "Clinic",
            [
                "Basics", "Results", "Terminology", "ResultObjects", "HL7", "FHIR", "AuditMessages", "DICOMWeb",
                "DICOMNetwork",
                "Peers", "SettingsFiles", "Archive", "Department", logging,
            ]),
        // What a store has to keep to, whichever it is; and a naive one to compare with.
        room("ArchiveConformance", ["Archive", "Basics", "Geometry", "Results"]),
        // The page lies inside the program. Files of any size cost no time to compile there.
        .target(name: "CWorkstationPage", exclude: ["Assets", "page_files.py"]),
        // A certificate for a site that has none yet.
        .target(name: "CCertificates", linkerSettings: [.linkedLibrary("crypto")]),
        room(
            "Workstation",
            [
                "CWorkstationPage", "CCertificates", "CISAL", "CSodium", "Basics", "Geometry", "Findings", "Radiographs", "Models",
                "Inference", "Detection", "Results", "FHIR", "DICOMWeb", "Volumes", "Archive", "Department", "SettingsFiles",
                "HashChains", "Feedback", "ChangeGate", "Watching", "Improvement", "SiteFeedback",
                hummingbird("Hummingbird"), hummingbird("HummingbirdCore"), hummingbird("HummingbirdTLS"), hummingbird("HummingbirdHTTP2"),
                nio("NIOCore"),
                nio("NIOHTTP1"), nio("NIOHTTPTypes", "swift-nio-extras"), nio("NIOSSL", "swift-nio-ssl"), httpTypes, logging,
            ] + lifecycle),
        .executableTarget(
            name: "pleura-serve",
            dependencies: [
                "Basics", "Outputs", "Findings", "Radiographs", "DICOM", "LabelMaps", "Models", "Inference", "Detection", "NoduleDetection",
                "Archive",
                "Department", "DICOMNetwork", "FHIR", "Deidentification", "ResultObjects", "Results", "Terminology", "Geometry", "Clinic",
                "Workstation", "Installation", "Console", "Feedback", "ChangeGate", "Watching", "ReadingLists", "Improvement",
                "SiteFeedback", "Pages",
                argumentParser, logging,
            ], swiftSettings: swift),

        .executableTarget(
            name: "pleura",
            dependencies: [
                "Basics", "Outputs", "Findings", "Radiographs", "Anatomy", "DICOM", "ModelGraph", "LabelMaps", "Domains", "Models",
                "Datasets",
                "Interchange",
                "DatasetChecks", "DatasetImages", "AnnotationFormats", "Phantoms", "VolumePhantoms", "Volumes", "Nodules", "NoduleExamples",
                "NoduleSources",
                "NoduleDetection", "NoduleReports", "ScanDetection", "NoduleAssessment", "Inference", "Fetching",
                "Weights",
                "WeightFetching", "Evaluation", "EvaluationReports", "Detection", "Explanations",
                "Installation", "Assessment", "ChangeGate", "ReadingLists", "Improvement", "Console", "Reports", "Pages",
                "BatchDetection", "Triage", argumentParser,
            ],
            swiftSettings: swift),
        // Looks for LibTorch and becomes `pleura-trainer`.
        .executableTarget(name: "pleura-train"),
        .executableTarget(
            name: "pleura-trainer",
            dependencies: [
                "Basics", "Outputs", "Radiographs", "Domains", "Models", "ObjectDetectionAPI", "Datasets", "TFRecords", "Interchange",
                "AnnotationFormats", "Evaluation", "NoduleExamples", "NoduleTraining", "Tensors", "TrainingExamples", "TrainingSettings",
                "Migration", "RunRecords", "Training",
                "Console", argumentParser,
            ],
            swiftSettings: swift),

        // `make bench-records`: a program of its own, since the peak memory of writing and of reading is that of a whole process.
        .executableTarget(
            name: "bench-records",
            dependencies: ["Basics", "Geometry", "Findings", "Datasets", "TFRecords", "Interchange", "AnnotationFormats"],
            path: "Benchmarks/bench-records", swiftSettings: swift),
        // `make bench-eval`.
        .executableTarget(
            name: "bench-evaluation", dependencies: ["Basics", "Geometry", "Findings", "Evaluation"], path: "Benchmarks/bench-evaluation",
            swiftSettings: swift),

        // `make measure`.
        .executableTarget(
            name: "bench-detection", dependencies: ["Findings", "Radiographs", "DICOM", "Models", "Inference", "Detection"],
            path: "Benchmarks/bench-detection",
            swiftSettings: swift),

        // `make bench-serve`.
        .executableTarget(
            name: "bench-archive", dependencies: ["Archive", "Basics", "Geometry", "Results"], path: "Benchmarks/bench-archive",
            swiftSettings: swift),
        .executableTarget(
            name: "bench-http", dependencies: [hummingbird("Hummingbird"), nio("NIOCore"), httpTypes], path: "Benchmarks/bench-http",
            swiftSettings: swift),

        // `make bench-clinic`: a node that keeps what it gets.
        .executableTarget(
            name: "bench-clinic",
            dependencies: [
                "DICOM", "Models", "Inference", "Detection", "Archive", "Department", "DICOMNetwork", "SettingsFiles", "Clinic", logging,
            ],
            path: "Benchmarks/bench-clinic", swiftSettings: swift),

        // A network's step in every memory format and precision.
        .executableTarget(
            name: "bench-step", dependencies: ["Basics", "Geometry", "Findings", "Tensors", "Networks"], path: "Benchmarks/bench-step",
            swiftSettings: swift),

        // `make bench-train`: a training's steps, timed, its memory watched.
        .executableTarget(
            name: "bench-train",
            dependencies: ["Datasets", "Networks", "Radiographs", "Tensors", "Training", "TrainingExamples", "TrainingSettings"],
            path: "Benchmarks/bench-train", swiftSettings: swift),

        // What `make test-interop` tries with pynetdicom and Orthanc.
        .executableTarget(name: "dicom-peer", dependencies: ["DICOMNetwork"], path: "Tests/dicom-peer", swiftSettings: swift),

        // What every test needs, and a format or a decoder of other people's: drawn inputs, broken files, a stub model, a server that lies.
        .target(
            name: "PleuraTesting",
            dependencies: ["Basics", "Geometry", "Findings", "Radiographs", "Models", "Datasets", "Interchange", "Reports"],
            resources: [.copy("Networks"), .copy("PipelineSamples")], swiftSettings: swift),

        // A department on a model of a kilobyte, and destinations that do as a test tells them.
        .target(
            name: "DepartmentTesting",
            dependencies: [
                "Findings", "Radiographs", "DICOM", "Models", "Inference", "Detection", "Results", "Archive", "Department", "PleuraTesting",
                logging,
            ], swiftSettings: swift),
        // A line that is slow, or down.
        .target(
            name: "PeersTesting",
            dependencies: [
                "Peers", nio("NIOCore"), nio("NIOPosix"), nio("NIOConcurrencyHelpers"), nio("NIOFoundationCompat"),
                nio("NIOSSL", "swift-nio-ssl"),
            ], swiftSettings: swift),

        // Tests, one target a room; oracles are laid by `make oracles`.
        // What `mpirun` starts twice in the tests of training in several processes.
        .executableTarget(
            name: "mpi-check", dependencies: ["Geometry", "Findings", "Tensors", "Networks"], path: "Tests/mpi-check", swiftSettings: swift),
        tests(
            "PleuraTestingTests",
            ["Basics", "Geometry", "Findings", "Radiographs", "Models", "Datasets", "Interchange", "PleuraTesting"]),
        tests("BasicsTests", ["Basics", "PleuraTesting"]),
        tests("GeometryTests", ["Geometry"]),
        tests("OutputsTests", ["Basics", "Outputs", "PleuraTesting"]),
        tests("ConsoleTests", ["Basics", "Console", "Outputs", argumentParser]),
        tests("FindingsTests", ["Basics", "Geometry", "Findings", "PleuraTesting"], resources: [.copy("Fixtures")]),
        tests("LabelMapsTests", ["Findings", "LabelMaps", "PleuraTesting"]),
        tests("RadiographsTests", ["Basics", "Geometry", "Findings", "Radiographs", "PleuraTesting"]),
        tests("ChartsTests", ["Basics", "Geometry", "Findings", "Radiographs", "Charts", "PleuraTesting"]),
        tests("DICOMTests", ["Basics", "Findings", "Radiographs", "DICOM", "PleuraTesting"]),
        tests("VolumesTests", ["CVolumes", "Basics", "DICOM", "Volumes", "VolumePhantoms", "PleuraTesting"]),
        tests("NodulesTests", ["Basics", "Volumes", "Nodules", "VolumePhantoms", "PleuraTesting"]),
        tests("NoduleExamplesTests", ["Basics", "NoduleExamples", "PleuraTesting"]),
        tests(
            "NoduleDetectionTests",
            [
                "Basics", "DICOM", "Models", "Inference", "Volumes", "VolumePhantoms", "Nodules", "NoduleDetection", "NoduleReports",
                "ScanDetection", "NoduleAssessment", "Evaluation", "Outputs", "Reports", "PleuraTesting",
            ]),
        tests(
            "NoduleTrainingTests", ["Basics", "Models", "Tensors", "NoduleExamples", "NoduleTraining", "NoduleDetection", "PleuraTesting"]),
        tests("ModelGraphTests", ["Basics", "ModelGraph", "PleuraTesting"]),
        tests("ObjectDetectionAPITests", ["Basics", "Findings", "ObjectDetectionAPI", "PleuraTesting", protobuf]),
        tests(
            "DomainsTests",
            ["Basics", "Findings", "Radiographs", "Domains", "Models", "Phantoms", "PleuraTesting"]),
        tests("AnatomyTests", ["Basics", "Geometry", "Findings", "Radiographs", "Anatomy", "Phantoms"]),
        tests("ModelsTests", ["Basics", "Geometry", "Findings", "Radiographs", "Models", "Phantoms", "PleuraTesting"]),
        tests(
            "DatasetsTests",
            [
                "Basics", "Geometry", "Findings", "Radiographs", "Datasets", "Interchange", "TableFormats", "AnnotationFormats",
                "PleuraTesting",
            ]),
        tests(
            "DatasetChecksTests",
            [
                "Basics", "Geometry", "Findings", "Radiographs", "Datasets", "Interchange", "DatasetChecks", "TableFormats",
                "AnnotationFormats", "PleuraTesting",
            ]),
        tests("TFRecordsTests", ["Datasets", "TFRecords", "PleuraTesting"]),
        tests(
            "AnnotationFormatsTests",
            [
                "Basics", "Geometry", "Findings", "Radiographs", "Datasets", "TFRecords", "Interchange", "DocumentFormats", "TableFormats",
                "AnnotationFormats", "PleuraTesting", protobuf,
            ]),
        tests("PhantomsTests", ["Geometry", "Findings", "Radiographs", "Datasets", "Phantoms", "PleuraTesting"]),
        tests(
            "FetchingTests",
            ["Basics", "Radiographs", "Datasets", "Interchange", "TableFormats", "AnnotationFormats", "Fetching", "PleuraTesting"]),
        tests("WeightsTests", ["ModelGraph", "Weights", "PleuraTesting"], resources: [.copy("Fixtures")]),
        tests("WeightFetchingTests", ["Weights", "WeightFetching", "PleuraTesting"]),
        tests(
            "EvaluationTests",
            ["Basics", "Geometry", "Findings", "Radiographs", "Models", "Datasets", "Evaluation", "EvaluationReports", "PleuraTesting"],
            resources: [.copy("Fixtures")]),
        tests("TriageTests", ["Basics", "Triage"]),
        tests("FeedbackTests", ["Geometry", "Findings", "Datasets", "HashChains", "Feedback", "PleuraTesting"]),
        tests(
            "ChangeGateTests",
            [
                "Basics", "Geometry", "Findings", "Datasets", "Evaluation", "EvaluationReports", "HashChains", "ChangeGate",
                "PleuraTesting",
            ]),
        tests(
            "ImprovementTests",
            [
                "Geometry", "Findings", "Radiographs", "Models", "Datasets", "Evaluation", "EvaluationReports", "Detection", "Assessment",
                "HashChains", "ChangeGate", "Improvement", "Pages", "PleuraTesting",
            ]),
        tests(
            "SiteFeedbackTests",
            [
                "Geometry", "Findings", "Radiographs", "DICOM", "Models", "Datasets", "Inference", "Detection", "Archive", "Department",
                "HashChains", "Feedback", "ChangeGate", "Watching", "ReadingLists", "SiteFeedback", "DepartmentTesting", "PleuraTesting",
            ]),
        tests("WatchingTests", ["Basics", "Watching", "PleuraTesting"]),
        tests("ReadingListsTests", ["Basics", "ReadingLists"]),
        tests("PredictionsTests", ["Datasets", "Evaluation", "Findings", "Geometry", "Predictions", "PleuraTesting"]),
        tests("TensorsTests", ["Tensors", "PleuraTesting"], resources: [.copy("Fixtures")]),
        tests(
            "NetworksTests",
            [
                "Basics", "Geometry", "Findings", "ModelGraph", "Models", "Weights", "Tensors", "Networks", "Inference", "PleuraTesting",
                "mpi-check",
            ],
            resources: [.copy("Fixtures")]),
        tests(
            "TrainingExamplesTests",
            ["Basics", "Geometry", "Findings", "Radiographs", "Domains", "Datasets", "Networks", "TrainingExamples", "PleuraTesting"]),
        tests(
            "TrainingSettingsTests",
            ["Geometry", "Findings", "Radiographs", "Datasets", "Networks", "TrainingExamples", "TrainingSettings", "PleuraTesting"]),
        tests(
            "MigrationTests",
            ["ObjectDetectionAPI", "TrainingExamples", "TrainingSettings", "Migration", "PleuraTesting"]),
        tests(
            "RunRecordsTests",
            [
                "Findings", "Geometry", "Radiographs", "Charts", "TFRecords", "TrainingExamples", "RunRecords", "PleuraTesting",
                protobuf,
            ]),
        tests(
            "TrainingTests",
            [
                "Geometry", "Findings", "Radiographs", "ModelGraph", "Domains", "Models", "ObjectDetectionAPI", "Datasets", "Interchange",
                "TableFormats", "AnnotationFormats", "Phantoms", "Weights", "Evaluation", "Detection", "Networks",
                "TrainingExamples",
                "TrainingSettings", "Migration",
                "RunRecords", "Training", "PleuraTesting",
            ]),
        tests("InferenceTests", ["Basics", "Findings", "Models", "Inference", "PleuraTesting"]),
        tests(
            "QuantisationTests", ["Basics", "Findings", "ModelGraph", "Models", "Inference", "Quantisation", "Detection", "PleuraTesting"]),
        tests(
            "DetectionTests",
            ["Geometry", "Findings", "Radiographs", "Domains", "Models", "Phantoms", "Inference", "Detection", "PleuraTesting", logging]),
        tests(
            "ExplanationsTests",
            [
                "Basics", "Geometry", "Findings", "Radiographs", "ModelGraph", "Models", "Phantoms", "Inference", "Detection",
                "Explanations", "PleuraTesting",
            ]),
        tests("InstallationTests", ["Basics", "Models", "Installation", "PleuraTesting"]),
        tests(
            "AssessmentTests",
            [
                "Basics", "Geometry", "Findings", "Radiographs", "Domains", "Models", "Datasets", "Evaluation", "EvaluationReports",
                "Detection", "Assessment", "PleuraTesting",
            ]),
        tests(
            "BatchDetectionTests",
            [
                "Basics", "Outputs", "Findings", "Radiographs", "Models", "Detection", "Pages", "BatchDetection", "PleuraTesting",
            ]),
        tests(
            "ReportsTests", ["Geometry", "Outputs", "Findings", "Datasets", "DatasetChecks", "Reports", "PleuraTesting"],
            resources: [.copy("Fixtures")]),
        tests(
            "PagesTests",
            [
                "Basics", "Geometry", "Outputs", "Findings", "Radiographs", "Datasets", "Evaluation", "EvaluationReports", "Reports",
                "Pages",
                "PleuraTesting",
            ]),
        // What the tests of the archive end by SIGKILL.
        .executableTarget(
            name: "archive-worker", dependencies: ["Archive", "ArchiveConformance"], path: "Tests/ArchiveTests/Worker", swiftSettings: swift
        ),
        .testTarget(
            name: "ArchiveTests", dependencies: ["Archive", "ArchiveConformance", "Basics", "Results", "archive-worker", sqlite],
            exclude: ["Worker"], resources: [.copy("Fixtures")], swiftSettings: swift),
        tests(
            "DepartmentTests",
            [
                "Basics", "Geometry", "Findings", "Radiographs", "DICOM", "Models", "Detection", "Explanations", "Triage", "Results",
                "Archive", "Department", "DepartmentTesting", "PleuraTesting",
            ]),
        tests("TerminologyTests", ["Basics", "Findings", "Terminology"], resources: [.copy("Fixtures")]),
        tests("HL7Tests", ["Basics", "Geometry", "Results", "Terminology", "HL7", "PleuraTesting"]),
        tests("FHIRTests", ["Basics", "Geometry", "Results", "Terminology", "FHIR"], resources: [.copy("Fixtures")]),
        tests(
            "ResultObjectsTests",
            [
                "Basics", "Geometry", "Findings", "Radiographs", "DICOM", "Results", "Terminology", "ResultObjects", "PleuraTesting",
            ]),
        tests("AuditMessagesTests", ["AuditMessages", "Peers"]),
        tests("DICOMWebTests", ["Basics", "DICOMWeb", "PleuraTesting"]),
        tests("DeidentificationTests", ["Basics", "DICOMWeb", "Deidentification", "PleuraTesting"]),
        tests("DICOMNetworkTests", ["Basics", "CDICOMNetwork", "DICOMNetwork", "PleuraTesting"]),
        tests(
            "PeersTests",
            [
                "Peers", "PeersTesting", nio("NIOCore"), nio("NIOPosix"), nio("NIOConcurrencyHelpers"), nio("NIOFoundationCompat"), logging,
            ]),
        tests(
            "ClinicTests",
            [
                "Geometry", "Detection", "Results", "ResultObjects", "HL7", "FHIR", "DICOMNetwork", "Peers", "SettingsFiles",
                "Archive",
                "Department", "Clinic", "DepartmentTesting", "PeersTesting", "PleuraTesting", logging,
            ]),
        tests(
            "WorkstationTests",
            [
                "Basics", "Radiographs", "DICOM", "Models", "Inference", "Detection", "Results", "Archive", "Department", "Workstation",
                "PleuraTesting", "pleura-serve",
            ]),
        // Runs the built programs as a person does.
        tests(
            "CommandTests",
            [
                "Basics", "Geometry", "Findings", "Radiographs", "Models", "Datasets", "Evaluation", "EvaluationReports", "pleura",
                "pleura-train",
                "pleura-trainer", "PleuraTesting",
            ],
            resources: [.copy("Fixtures")]),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c17,
    cxxLanguageStandard: .cxx20
)
