import Datasets
import Findings
import Foundation
import Geometry
import Models
import PleuraTesting
import Radiographs

/// Dark images with one bright cell of the tiny network's grid, which is boxed: the network is right on all of them. Two images a patient, two
/// folds.
enum DrawnDataset {
    static let count = 12

    static func patient(_ image: Int) -> String { "patient \(image / 2)" }
    static func fold(_ image: Int) -> Int { image / 2 % 2 }
    static func name(_ image: Int) -> String { "drawn_\(image).png" }

    /// The box that the network draws for the bright cell.
    static func box(_ image: Int) -> Box {
        let cell = (image * 5 + 1) % 12
        return Box(x: Double(cell % 3 * 16), y: Double(cell / 3 * 16), width: 20, height: 16)
    }

    /// - Parameter isBoxed: Else the images are only labelled.
    static func write(to directory: URL, isBoxed: Bool = true) throws -> Dataset {
        let images = directory.appendingPathComponent("images")
        try FileManager.default.createDirectory(at: images, withIntermediateDirectories: true)
        let entries = try (0..<count).map { number in
            let box = box(number)
            let samples = (0..<64 * 64).map { place -> UInt16 in
                let (x, y) = (Double(place % 64), Double(place / 64))
                return x >= box.x && x < box.x + 16 && y >= box.y && y < box.y + 16 ? 230 : 50
            }
            try PixelImage(width: 64, height: 64, bits: 8, samples: samples).png().write(to: images.appendingPathComponent(name(number)))
            return DatasetImage(
                id: number + 1, fileName: name(number), width: 64, height: 64, patient: patient(number),
                labels: isBoxed ? nil : ["Bright"], boxes: isBoxed ? [Annotation(classID: 1, box: box)] : [])
        }
        let dataset = Dataset(
            directory: directory, findingClasses: try TinyModel.labels().classes, images: entries,
            folds: Dictionary((0..<count).map { (patient($0), fold($0)) }) { first, _ in first })
        try dataset.writeAnnotations()
        try dataset.writeFolds()
        try "item { id: 1 name: 'Bright' }\nitem { id: 2 name: 'Dark' }\n".write(
            to: directory.appendingPathComponent("label_map.pbtxt"), atomically: true, encoding: .utf8)
        return dataset
    }

    /// A card of a model that has learnt from the patients of some folds.
    static func card(learntFrom folds: [Int]) -> ModelCard {
        var card = TinyModel.card()
        card.trainingData = ModelCard.TrainingData(
            description: "drawn", licence: "none", digest: "00", images: 6, boxes: 6, patients: 3, folds: folds)
        return card
    }
}
