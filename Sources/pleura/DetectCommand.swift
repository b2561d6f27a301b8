import ArgumentParser
import Foundation
import Inference
import Models

struct DetectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detect", abstract: "Find abnormalities on images: PNG, JPEG and DICOM files, folders, patterns, any mixture.",
        discussion: """
            Prints a table unless --json - or --csv - takes standard output. Boxes are x, y, width, height in pixels of the original image.
            Research use only, not a diagnosis.
            """)

    @Argument(help: ArgumentHelp("Files, folders (with all that is below them) and patterns.", valueName: "path"))
    var paths: [String]
    @Option(help: ArgumentHelp("A model's name or its directory.", valueName: "name|dir"))
    var model = "nih8-fast"
    @Option(help: ArgumentHelp("Write annotated pictures and index.html into this folder.", valueName: "dir"))
    var out: String?
    @Option(help: ArgumentHelp("Write the findings as JSON; - is standard output.", valueName: "file"))
    var json: String?
    @Option(help: ArgumentHelp("Write the findings as CSV; - is standard output.", valueName: "file"))
    var csv: String?
    @Option(help: ArgumentHelp("Write the findings as COCO results, with the image ids of --dataset.", valueName: "file"))
    var coco: String?
    @Option(help: ArgumentHelp("The dataset directory that --coco takes its image ids from.", valueName: "dir"))
    var dataset: String?
    @Option(help: ArgumentHelp("Lowest score of a finding, 0 to 1; the model's own if not given.", valueName: "x"))
    var threshold: Double?
    @Option(
        name: .customLong("false-positives-per-100"),
        help: ArgumentHelp(
            "Show what the card's operating points promise at most so many false boxes of a finding on 100 images for.", valueName: "n"))
    var falsePositivesPer100: Double?
    @Option(help: ArgumentHelp("Which frame of a multi-frame file, from 1.", valueName: "n"))
    var frame = 1
    @OptionGroup var engine: EngineOptions
    @Option(
        name: .customLong("decoding-limit"),
        help: ArgumentHelp("Give up an image that takes longer than this to decode.", valueName: "seconds"))
    var decodingLimit = 60.0
    @Flag(help: "Neither use nor keep compiled networks in the user's cache folder.")
    var noCache = false
    @Flag(help: "Say on standard error where the time went.")
    var profile = false
    @Flag(help: "Show no progress.")
    var quiet = false

    func validate() throws {
        if let threshold, !(0...1).contains(threshold) { throw ValidationError("--threshold must be between 0 and 1.") }
        if let falsePositivesPer100, !(falsePositivesPer100 >= 0) { throw ValidationError("--false-positives-per-100 must be 0 or more.") }
        if threshold != nil, falsePositivesPer100 != nil {
            throw ValidationError("--threshold and --false-positives-per-100 are two ways to say one thing; give one of them.")
        }
        if !(decodingLimit > 0 && decodingLimit.isFinite) { throw ValidationError("--decoding-limit must be more than 0.") }
        if frame < 1 { throw ValidationError("--frame counts from 1.") }
        if (coco == nil) != (dataset == nil) { throw ValidationError("--coco and --dataset go together.") }
        if json == "-", csv == "-" { throw ValidationError("--json and --csv cannot both have standard output.") }
        for case let path? in [json, csv, coco, out, dataset] where path.isEmpty {
            throw ValidationError("A file's name must not be empty.")
        }
        if coco == "-" { throw ValidationError("--coco needs a file.") }
        let files = [json, csv, coco].compactMap { $0 }.filter { $0 != "-" }.map { URL(fileURLWithPath: $0).standardizedFileURL.path }
        if Set(files).count < files.count { throw ValidationError("--json, --csv and --coco cannot share a file.") }
    }

    func run() async throws {
        let begin = ContinuousClock.now
        let search = InputSearch(paths, decoders: DetectRun.decoders)
        let detector = try engine.detector(model, images: search.inputs.count, usual: .auto, caches: !noCache)
        let operatingPoints = try falsePositivesPer100.map {
            try OperatingThresholds(detector.bundle, falseBoxesPer100Images: $0, model: model)
        }
        if !quiet { operatingPoints?.notes.forEach { StandardError.line("pleura: \($0)") } }
        try await DetectRun(command: self, search: search, detector: detector, operatingPoints: operatingPoints, begin: begin).run()
    }
}
