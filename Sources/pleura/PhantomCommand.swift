import ArgumentParser
import DICOM
import Datasets
import Findings
import Foundation
import Radiographs

/// Radiographs of nobody, as a dataset with its boxes.
struct PhantomCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "phantom", abstract: "Draw chest radiographs of persons who never were, with boxes, for demonstrations and tests.")

    /// How the pictures are stored.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case png, dicom
    }

    @Option(help: ArgumentHelp("How many; 12 for a sheet.", valueName: "n"))
    var count: Int?
    @Option(help: ArgumentHelp("The dataset directory to write: images/, annotations.json, label_map.pbtxt, folds.csv.", valueName: "dir"))
    var out: String?
    @Option(
        help: ArgumentHelp("Write one picture of all phantoms with their boxes, four in a row, instead of a dataset.", valueName: "png"))
    var sheet: String?
    @Option(help: ArgumentHelp("The same seed gives the same pictures.", valueName: "n"))
    var seed: UInt64 = 1
    @Option(help: ArgumentHelp("Width and height in pixels, 512 to 1024; each picture its own if not given.", valueName: "pixels"))
    var size: Int?
    @Option(help: "12-bit values in 16-bit PNG, or 12-bit DICOM (digital X-ray images).")
    var format: Format = .png

    func validate() throws {
        if let sheet {
            if out != nil { throw ValidationError("--sheet and --out are two different things to write.") }
            if sheet.isEmpty { throw ValidationError("--sheet needs a file.") }
            if !(1...100).contains(count ?? 12) { throw ValidationError("--count must be between 1 and 100 for a sheet.") }
        } else {
            guard let count else { throw ValidationError("--count is needed.") }
            if !(1...100_000).contains(count) { throw ValidationError("--count must be between 1 and 100000.") }
            guard let out else { throw ValidationError("--out is needed.") }
            if out.isEmpty { throw ValidationError("--out needs a directory.") }
        }
        if let size, !(512...1024).contains(size) { throw ValidationError("--size must be between 512 and 1024.") }
    }

    func run() throws {
        let generator = PhantomGenerator(seed: seed, side: size)
        if let sheet { return try write(generator, sheet: sheet) }
        guard let out, let count else { return }
        var shown = Progress(total: count, isQuiet: !StandardError.isTerminal)
        do {
            try generator.writeDataset(count: count, to: URL(fileURLWithPath: out), format: fileFormat) { _ in shown.advance() }
        } catch {
            shown.clear()
            throw Failure(.somethingMissing, "\(out): \(Failure.reason(error))")
        }
        shown.clear()
        StandardError.line("pleura: \(out): \(count) phantoms")
    }

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
        let names = Dictionary(uniqueKeysWithValues: PhantomGenerator.findingClasses.map { ($0.id, $0) })
        let tiles = (0..<(count ?? 12)).map { index in
            let phantom = generator.phantom(index)
            let boxes = phantom.lesions.compactMap { lesion in
                names[lesion.classID].map { AnnotatedPicture.Truth(box: lesion.box, findingClass: $0) }
            }
            return PictureSheet.Tile(pixels: phantom.pixels, boxes: boxes, title: boxes.isEmpty ? "no finding" : "")
        }
        do {
            let bytes = try PictureSheet(tiles: tiles, columns: 4, side: 256).png()
            try bytes.write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch let error as RadiographError {
            throw Failure(.somethingMissing, "\(path): \(Failure.reason(error))")
        } catch {
            throw Failure(.somethingMissing, "\(path): cannot be written")
        }
    }
}
