import ArgumentParser
import Basics
import Console
import DICOM
import Datasets
import Findings
import Foundation
import Outputs
import Phantoms
import Radiographs
import VolumePhantoms
import Volumes

private let countRange = OptionRange<Int>.whole(1...100_000)
private let sideRange = OptionRange<Int>.whole(512...1024)
private let seedRange = OptionRange.seed
private let matrixRange = OptionRange<Int>.whole(64...1024)
private let spacingRange = OptionRange.real(0.5...10)
private let noduleRange = OptionRange<Int>.whole(0...20)

/// Radiographs of nobody, as a dataset with its boxes.
struct PhantomCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "phantom",
        abstract: "Draw chest radiographs of persons who never were, or other pictures, with boxes, for demonstrations and tests.")

    /// How the pictures are stored.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case png, dicom
    }

    @Option(help: countRange.help("How many; for a sheet at most 100, and 12 if not given", "n"), transform: countRange.parse)
    var count: Int?
    @Option(help: ArgumentHelp("The dataset directory to write: images/, annotations.json, label_map.pbtxt, folds.csv.", valueName: "dir"))
    var out: String?
    @Option(
        help: ArgumentHelp("Write one picture of all phantoms with their boxes, four in a row, instead of a dataset.", valueName: "png"))
    var sheet: String?
    @Option(help: seedRange.help("The same seed gives the same pictures", "n", usual: 1), transform: seedRange.parse)
    var seed: UInt64 = 1
    @Option(help: sideRange.help("Width and height in pixels; each picture its own if not given", "pixels"), transform: sideRange.parse)
    var size: Int?
    @Option(help: "What is drawn: chest, or a bone with a fracture, an ultrasound sector or an MR slice with a lesion.")
    var kind: PhantomKind = .chest
    @Option(help: "12-bit values in 16-bit PNG, or 12-bit DICOM (digital X-ray images).")
    var format: Format = .png
    @Flag(help: "Write masks/ too: for each chest an indexed PNG of where lungs, heart and clavicles are.")
    var masks = false
    @Flag(help: "Draw CT scans of chests with nodules, a folder of DICOM slices each, and nodules.csv; with --masks each nodule as NIfTI.")
    var ct = false
    @Option(help: matrixRange.help("With --ct: rows and columns of a slice", "n", usual: 512), transform: matrixRange.parse)
    var matrix: Int?
    @Option(help: spacingRange.help("With --ct: millimetres from slice to slice", "x", usual: 1.25), transform: spacingRange.parse)
    var sliceSpacing: Double?
    @Option(
        help: noduleRange.help("With --ct: nodules of each scan; a number drawn for each, if not given", "n"), transform: noduleRange.parse)
    var nodules: Int?
    @OptionGroup var reports: ReportOptions

    private struct Done: Encodable {
        /// The dataset directory or the sheet.
        var out: String
        var count: Int
        var seed: UInt64
        var format: String
    }

    func validate() throws {
        if ct {
            if kind != .chest || size != nil || sheet != nil || format == .dicom {
                throw ValidationError("--ct draws chests as DICOM slices; --kind, --size, --sheet and --format are of radiographs.")
            }
        } else if matrix != nil || sliceSpacing != nil || nodules != nil {
            throw ValidationError("--matrix, --slice-spacing and --nodules go with --ct.")
        }
        if kind != .chest, format == .dicom { throw ValidationError("--format dicom is of chests; other kinds are PNG.") }
        if masks, kind != .chest { throw ValidationError("--masks is of chests.") }
        if masks, sheet != nil { throw ValidationError("--masks goes with --out.") }
        if let sheet {
            if out != nil { throw ValidationError("--sheet and --out are two different things to write.") }
            if sheet.isEmpty { throw ValidationError("--sheet needs a file.") }
            if !(1...100).contains(count ?? Self.sheetCount) { throw ValidationError("--count must be between 1 and 100 for a sheet.") }
        } else {
            guard count != nil else { throw ValidationError("--count is needed.") }
            guard let out else { throw ValidationError("--out is needed.") }
            if out.isEmpty { throw ValidationError("--out needs a directory.") }
        }
    }

    func run() throws {
        try reports.claim(beside: [("--sheet", sheet)])
        let generator = PhantomGenerator(seed: seed, side: size, kind: kind)
        if let sheet {
            try write(generator, sheet: sheet)
            return try reports.write("phantom", Done(out: sheet, count: count ?? Self.sheetCount, seed: seed, format: "png"))
        }
        guard let out, let count else { return }
        let progress = ProgressBar(isQuiet: reports.quiet, showsBar: StandardError.isTerminal)
        progress.begin(count)
        if ct { return try drawScans(count, to: out, progress) }
        try Failure.about(out, status: .somethingMissing) {
            defer { progress.end() }
            try generator.writeDataset(count: count, to: URL(fileURLWithPath: out), format: fileFormat, hasMasks: masks) { _ in
                progress.advance()
            }
        }
        reports.note("\(out): \(count) phantoms")
        try reports.write("phantom", Done(out: out, count: count, seed: seed, format: format.rawValue))
    }

    private func drawScans(_ count: Int, to out: String, _ progress: ProgressBar) throws {
        let settings = VolumePhantomSettings(matrix: matrix ?? 512, sliceSpacing: sliceSpacing ?? 1.25, nodules: nodules)
        try Failure.about(out, status: .somethingMissing) {
            defer { progress.end() }
            try VolumePhantomGenerator(seed: seed, settings: settings)
                .write(count: count, to: URL(fileURLWithPath: out), hasMasks: masks) { _ in progress.advance() }
        }
        reports.note("\(out): \(count) scans")
        try reports.write("phantom", Done(out: out, count: count, seed: seed, format: "ct"))
    }

    private static let sheetCount = 12

    private var fileFormat: PhantomFileFormat {
        guard format == .dicom else { return .png }
        return PhantomFileFormat(suffix: "dcm") { phantom, patient in
            try DigitalXRayImage(
                pixels: phantom.pixels, patient: patient, view: phantom.view, pixelSpacing: phantom.pixelSpacing,
                source: "pleura phantom|\(patient)"
            ).encoded()
        }
    }

    private func write(_ generator: PhantomGenerator, sheet path: String) throws {
        let names = Dictionary(uniqueKeysWithValues: kind.findingClasses.map { ($0.id, $0) })
        let tiles = (0..<(count ?? Self.sheetCount)).map { index in
            let phantom = generator.phantom(index)
            let boxes = phantom.lesions.compactMap { lesion in
                names[lesion.classID].map { AnnotatedPicture.Truth(box: lesion.box, findingClass: $0) }
            }
            return PictureSheet.Tile(pixels: phantom.pixels, boxes: boxes, title: boxes.isEmpty ? "no finding" : "")
        }
        try Failure.writing {
            try OutputFile.write(PictureSheet(tiles: tiles, columns: 4, side: 256).png(), to: URL(fileURLWithPath: path))
        }
    }
}

extension PhantomKind: ExpressibleByArgument {}
