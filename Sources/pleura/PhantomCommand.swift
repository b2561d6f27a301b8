import ArgumentParser
import Datasets
import Findings
import Foundation
import Radiographs
import Reports

/// Radiographs of nobody, as a dataset with its boxes.
struct PhantomCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "phantom", abstract: "Draw chest radiographs of persons who never were, with boxes, for demonstrations and tests.")

    @Option(help: ArgumentHelp("How many.", valueName: "n"))
    var count: Int
    @Option(help: ArgumentHelp("The dataset directory to write: images/, annotations.json, label_map.pbtxt, folds.csv.", valueName: "dir"))
    var out: String
    @Option(help: ArgumentHelp("The same seed gives the same pictures.", valueName: "n"))
    var seed: UInt64 = 1
    @Option(help: ArgumentHelp("Width and height in pixels, 512 to 1024; each picture its own if not given.", valueName: "pixels"))
    var size: Int?

    func validate() throws {
        if !(1...100_000).contains(count) { throw ValidationError("--count must be between 1 and 100000.") }
        if let size, !(512...1024).contains(size) { throw ValidationError("--size must be between 512 and 1024.") }
        if out.isEmpty { throw ValidationError("--out needs a directory.") }
    }

    func run() throws {
        let directory = URL(fileURLWithPath: out)
        let generator = PhantomGenerator(seed: seed, side: size)
        var images: [DatasetImage] = []
        var folds: [String: Int] = [:]
        do {
            for index in 0..<count {
                let phantom = generator.phantom(index)
                let patient = String(format: "phantom%05d", index + 1)
                let name = patient + ".png"
                try OutputFile.write(
                    Self.full(phantom.pixels).png(), to: directory.appendingPathComponent("images").appendingPathComponent(name))
                images.append(
                    DatasetImage(
                        id: index + 1, fileName: name, width: phantom.pixels.width, height: phantom.pixels.height, patient: patient,
                        view: "PA",
                        boxes: phantom.lesions))
                folds[patient] = index % 4
            }
            try Dataset(directory: directory, findingClasses: PhantomGenerator.findingClasses, images: images, folds: folds)
                .writeDescription()
        } catch {
            throw Failure(.somethingMissing, "\(out): \(Failure.reason(error))")
        }
        StandardError.line("pleura: \(out): \(count) phantoms")
    }

    /// Over all 16 bits of a PNG, or a viewer would show it black.
    private static func full(_ image: PixelImage) -> PixelImage {
        guard image.bits > 8 else { return image }
        let scale = 65_535 / Double(image.maximum)
        return PixelImage(
            width: image.width, height: image.height, bits: 16, samples: image.samples.map { UInt16((Double($0) * scale).rounded()) })
    }
}
