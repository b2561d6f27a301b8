import Anatomy
import ArgumentParser
import Assessment
import Basics
import BatchDetection
import Console
import DICOM
import Datasets
import Detection
import Domains
import Explanations
import Findings
import Foundation
import Models
import NoduleReports
import Outputs
import Pages
import Radiographs
import Reports

private let shareRange = OptionRange.share
private let falseBoxesRange = OptionRange.falseBoxes
private let frameRange = OptionRange<Int>.whole(1...2_147_483_647)
/// Up to a day.
private let secondsRange = OptionRange.real(0.001...86_400)

struct DetectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detect", abstract: "Find abnormalities on images: PNG, JPEG and DICOM files, folders, patterns, any mixture.",
        discussion: """
            Ten slices of a CT series or more are read as one scan, for nodules; Documentation/CT.md has what is told of them.
            Prints a table unless --json - or --csv - takes standard output. Boxes are x, y, width, height in pixels of the original image.
            Research use only, not a diagnosis.
            """)

    @Argument(help: ArgumentHelp("Files, folders (with all that is below them) and patterns.", valueName: "path"))
    var paths: [String] = []
    @Option(
        help: ArgumentHelp(
            "A model's name or its directory; if not given, nih8-fast, and luna-nodules for CT series.", valueName: "name|dir"))
    var model: String?
    @Option(help: ArgumentHelp("Write annotated pictures and index.html into this folder.", valueName: "dir"))
    var out: String?
    @Option(help: ArgumentHelp("Write the findings as CSV; - is standard output.", valueName: "file"))
    var csv: String?
    @Option(help: ArgumentHelp("Write the findings as COCO results, with the image ids of --dataset.", valueName: "file"))
    var coco: String?
    @Option(help: ArgumentHelp("The dataset directory that --coco takes its image ids from.", valueName: "dir"))
    var dataset: String?
    @Option(
        help: ArgumentHelp(
            "Write structured reports, presentation states and secondary captures of what was found into this folder, as DICOM.",
            valueName: "dir"))
    var dicom: String?
    @Option(
        help: ArgumentHelp(
            "Explain each finding into this folder: which networks see it, what its score rests on, as JSON and as maps that passed their test.",
            valueName: "dir"))
    var explain: String?
    @Flag(help: "With --explain: show maps that were not tested for the model, too. Maps that failed their test stay hidden.")
    var untestedMaps = false
    @Option(help: shareRange.help("Lowest score of a finding; the model's own if not given", "x"), transform: shareRange.parse)
    var threshold: Double?
    @Option(
        name: .customLong("false-positives-per-100"),
        help: falseBoxesRange.help(
            "Show what the card's operating points promise at most so many false boxes of a finding on 100 images for", "n"),
        transform: falseBoxesRange.parse)
    var falsePositivesPer100: Double?
    @Flag(
        help:
            "Look for lungs and heart too: side, zone and region of each finding, the cardiothoracic ratio with its error bar, or why not.")
    var anatomy = false
    @Option(help: ArgumentHelp("The model for --anatomy.", valueName: "name|dir"))
    var anatomyModel = "anatomy"
    @Flag(help: "With --anatomy: write the borders of lungs, heart and clavicles into --json as polygons.")
    var outlines = false
    @Option(
        help: ArgumentHelp(
            "With --anatomy: write the masks of images whose lungs and heart pass the checks into this folder, an indexed PNG each, as they are learnt "
                + "from.", valueName: "dir"))
    var masks: String?
    @Option(help: frameRange.help("Which frame of a multi-frame file", "n", usual: 1), transform: frameRange.parse)
    var frame = 1
    @OptionGroup var engine: EngineOptions
    @Option(
        name: .customLong("decoding-limit"),
        help: secondsRange.help("Give up an image that takes longer than this to decode", "seconds", usual: 60),
        transform: secondsRange.parse)
    var decodingLimit = 60.0
    @Flag(help: "Neither use nor keep compiled networks in the user's cache folder.")
    var noCache = false
    @Flag(
        name: .customLong("as-is"),
        help: "Mend nothing: an inverted or turned film, a border, a narrow window are told and looked at as they are.")
    var asIs = false
    @Flag(help: "Say on standard error where the time went.")
    var profile = false
    @OptionGroup var parts: BatchOptions
    @OptionGroup var reports: ReportOptions

    var json: String? { reports.json }
    /// What looks at images.
    var imageModel: String { model ?? "nih8-fast" }

    func validate() throws {
        try validateParts()
        if threshold != nil, falsePositivesPer100 != nil {
            throw ValidationError("--threshold and --false-positives-per-100 are two ways to say one thing; give one of them.")
        }
        if masks != nil, !anatomy { throw ValidationError("--masks goes with --anatomy.") }
        if outlines, !anatomy { throw ValidationError("--outlines goes with --anatomy.") }
        if (coco == nil) != (dataset == nil) { throw ValidationError("--coco and --dataset go together.") }
        if json == "-", csv == "-" { throw ValidationError("--json and --csv cannot both have standard output.") }
        for case let path? in [csv, coco, out, dataset, dicom, explain, masks] where path.isEmpty {
            throw ValidationError("A file's name must not be empty.")
        }
        if untestedMaps, explain == nil { throw ValidationError("--untested-maps needs --explain.") }
        if coco == "-" { throw ValidationError("--coco needs a file.") }
        let files = [json, csv, coco].compactMap { $0 }.filter { $0 != "-" }.map { URL(fileURLWithPath: $0).standardizedFileURL.path }
        if Set(files).count < files.count { throw ValidationError("--json, --csv and --coco cannot share a file.") }
    }

    func run() async throws {
        if let folder = parts.merge { return try merge(folder) }
        if let folder = parts.batch { return try await runPart(of: folder) }
        let begin = ContinuousClock.now
        let search = InputSearch(paths, decoders: DecoderRegistry.standard)
        let places = try places(of: search)
        // From here on: nothing that is being written is to be cut off.
        let interruption = Interruption()
        let plan = try scanPlan(search)
        if csv != nil, !plan.series.isEmpty, plan.inputs.contains(where: { $0.failure == nil }) {
            throw Failure(.wrongUse, "--csv: CT series and other images have tables of their own; name them in two runs, or take --json")
        }
        let read = try readScans(
            plan, observer: ProgressBar(isQuiet: reports.quiet), isInterrupted: { interruption.signalNumber != nil })
        if let read, plan.inputs.isEmpty {
            try Failure.writing { try write(read.scans, of: read.identity) }
            noteSkipped(search)
            if let number = interruption.signalNumber, read.scans.count < plan.series.count {
                throw Failure(
                    number == SIGTERM ? .terminated : .interrupted,
                    "interrupted: \(read.scans.count) of \(plan.series.count) scans are done and written, the rest was not begun")
            }
            if !read.isProved || read.scans.contains(where: { $0.error != nil }) { throw Failure(.someInputsFailed, "") }
            return
        }
        let (batch, runner, _) = try configured(images: plan.inputs.count, interruption: interruption)
        let detector = batch.detector
        let coco = try dataset.map { folder in
            try Failure.about(folder, status: .somethingMissing) {
                COCOResults(dataset: try Dataset.read(directory: URL(fileURLWithPath: folder)))
            }
        }
        reports.note(runner.precisionText(of: detector))
        var gallery = try out.map { folder in
            try Failure.writing {
                try FindingsGallery(
                    directory: URL(fileURLWithPath: folder), model: batch.identity, classes: detector.bundle.labelMap.classes,
                    threshold: batch.lowestScore, places: places)
            }
        }
        let start = ContinuousClock.now
        let outcome: DetectionBatch.Outcome
        do {
            outcome = try await batch.run(plan.inputs, into: &gallery)
        } catch {
            throw Failure(.somethingMissing, Failure.reason(error))
        }
        let end = ContinuousClock.now
        try Failure.writing {
            try gallery?.finish()
            try writeMasks(outcome.images)
            try write(
                outcome.images, of: batch.identity, notice: detector.bundle.card.domain?.notice, coco: coco, scans: read?.scans ?? [],
                scanModel: read?.identity)
        }
        let isProved = try writeObjects(outcome.images, of: batch.identity, labelMap: detector.bundle.labelMap, places: places)
        let isExplained = try writeExplanations(outcome.images, of: detector, decoders: runner.decoders, places: places)
        if profile {
            StandardError.line(
                TimesTable.text(
                    outcome.times, start: (start - begin) / .seconds(1), end: (ContinuousClock.now - end) / .seconds(1),
                    cores: ProcessInfo.processInfo.activeProcessorCount))
        }
        noteSkipped(search)
        if let number = interruption.signalNumber, outcome.isIncomplete {
            throw Failure(
                number == SIGTERM ? .terminated : .interrupted,
                "interrupted: \(outcome.times.images) of \(outcome.tried) images are done and written, the rest was not begun")
        }
        if !isProved || !isExplained || outcome.images.contains(where: { $0.error != nil })
            || read?.isProved == false || read?.scans.contains(where: { $0.error != nil }) == true
        {
            throw Failure(.someInputsFailed, "")
        }
    }

    /// The model and how it is run, as the options say.
    /// - Parameter interruption: Made before anything is written, for what is being written is not to be cut off.
    func configured(
        images: Int, interruption: Interruption = Interruption()
    ) throws -> (batch: DetectionBatch, runner: ModelRunner, interruption: Interruption) {
        let runner = engine.runner(reports, usual: .auto, caches: !noCache)
        // An explanation is many runs of one image: they go through the network several at once.
        var detector = try runner.detector(imageModel, images: explain == nil ? images : max(3, images))
        detector.mends = !asIs
        if anatomy { detector.anatomy = try runner.anatomy(anatomyModel, images: images) }
        var batch = DetectionBatch(detector: detector, decoders: runner.decoders)
        batch.operatingPoints = try falsePositivesPer100.map { rate in
            try Failure.about(imageModel) { try OperatingThresholds(detector.bundle, falseBoxesPer100Images: rate) }
        }
        batch.operatingPoints?.notes.forEach { reports.note($0) }
        (batch.threshold, batch.frame, batch.decodingLimit) = (threshold, frame, .seconds(decodingLimit))
        batch.precisionRequested = runner.loader.precision.rawValue
        batch.isInterrupted = { interruption.signalNumber != nil }
        batch.observer = runner.observer
        return (batch, runner, interruption)
    }

    private func write(
        _ images: [ImageFindings], of model: ModelIdentity, notice: String?, coco results: COCOResults?, scans: [ScanFindings],
        scanModel: ModelIdentity?
    ) throws {
        if let json {
            let document = try FindingsJSON.document(
                model: model, images: images, notice: notice ?? Notice.researchUseOnly, hasOutlines: outlines,
                scans: scans.map(ScanJSON.text), scanModel: scanModel)
            try OutputFile.write(document, toFileOrStandardOutput: json)
        }
        if let csv { try OutputFile.write(FindingsCSV.table(images), toFileOrStandardOutput: csv) }
        if let coco, let results {
            let (json, leftOut) = try results.document(images.filter { $0.error == nil })
            try OutputFile.write(json, to: URL(fileURLWithPath: coco))
            for (path, reason) in leftOut { StandardError.failure(path, "\(reason), so left out of the COCO results") }
        }
        // CSV has no place for them, and the table that has gives way to it.
        if csv == "-", !reports.quiet {
            for image in images { image.remarks.forEach { StandardError.failure(image.reference.name, "warning: \($0.text)") } }
        }
        if json != "-", csv != "-" {
            StandardOutput.write(FindingsTable.text(images))
            if !scans.isEmpty { StandardOutput.write(NodulesTable.text(scans)) }
        }
    }

    /// Under the images' names; a file that is there already stays, and is told.
    private func writeMasks(_ images: [ImageFindings]) throws {
        guard let masks else { return }
        let folder = URL(fileURLWithPath: masks)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for image in images {
            guard let anatomy = image.anatomy, anatomy.isMeasurable, anatomy.heartIsMeasurable else { continue }
            let stem = URL(fileURLWithPath: image.reference.name).deletingPathExtension().lastPathComponent
            let file = folder.appendingPathComponent(stem + ".png")
            guard !FileManager.default.fileExists(atPath: file.path) else {
                StandardError.failure(image.reference.name, "\(stem).png is there already; its mask was not written")
                continue
            }
            let bits = anatomy.bits(width: image.width, height: image.height)
            try AnatomyBits.png(bits, width: image.width, height: image.height).write(to: file, options: .atomic)
        }
    }

    /// - Returns: Whether every image that was read has its objects.
    private func writeObjects(_ images: [ImageFindings], of model: ModelIdentity, labelMap: LabelMap, places: OutputPlaces) throws -> Bool {
        guard let dicom else { return true }
        var folder = ResultFolder(
            URL(fileURLWithPath: dicom), model: model, labelMap: labelMap, places: places)
        var isWhole = true
        for image in images {
            do {
                _ = try folder.write(image, issued: Date())
            } catch let error as ReportError {
                throw Failure(.somethingMissing, error.reason)
            } catch {
                StandardError.failure(image.reference.name, "no DICOM objects: \(Failure.reason(error))")
                isWhole = false
            }
        }
        return isWhole
    }

    /// - Returns: Whether every image with findings could be explained.
    private func writeExplanations(
        _ images: [ImageFindings], of detector: Detector, decoders: DecoderRegistry, places: OutputPlaces
    ) throws -> Bool {
        guard let explain else { return true }
        var folder = try Failure.about(imageModel) {
            try ExplanationFolder(
                URL(fileURLWithPath: explain), detector: detector, decoders: decoders, trust: untestedMaps ? .untestedToo : .tested,
                places: places)
        }
        var isWhole = true
        for image in images {
            do {
                guard let line = try folder.write(image, frame: frame) else { continue }
                reports.note("\(image.reference.name): \(line)")
            } catch let error as ReportError {
                throw Failure(.somethingMissing, error.reason)
            } catch {
                StandardError.failure(image.reference.name, "not explained: \(Failure.reason(error))")
                isWhole = false
            }
        }
        return isWhole
    }

    func noteSkipped(_ search: InputSearch) {
        if search.drawn > 0 {
            let isOne = search.drawn == 1
            reports.note("\(search.drawn) picture\(isOne ? "" : "s") that Pleura drew \(isOne ? "was" : "were") skipped")
        }
        if search.skipped > 0 { reports.note("\(search.skipped) other file\(search.skipped == 1 ? "" : "s") skipped") }
    }

    /// Where the outputs go, looked at before a model is loaded.
    /// - Throws: `ReportError` where something stands there that must stay.
    private func places(of search: InputSearch) throws -> OutputPlaces {
        let annotations = dataset.map { URL(fileURLWithPath: $0).appendingPathComponent("annotations.json").path }
        var places = OutputPlaces(inputs: search.inputs.map(\.path) + [annotations].compactMap { $0 })
        if let out { try places.claim(URL(fileURLWithPath: out).appendingPathComponent(FindingsGallery.pageName).path, for: "--out") }
        for (option, file) in [("--json", json), ("--csv", csv), ("--coco", coco)] {
            if let file { try places.claim(file, for: option) }
        }
        return places
    }
}
