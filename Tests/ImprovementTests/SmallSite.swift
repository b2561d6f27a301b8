import Assessment
import Datasets
import Detection
import Findings
import Foundation
import Geometry
import Improvement
import Models
import PleuraTesting
import Radiographs

/// Images with one white cell or none, of a patient each, and models that know them.
struct SmallSite {
    let folder: TemporaryFolder
    let dataset: Dataset

    /// - Parameter count: Three of four have a white cell.
    init(images count: Int = 48) throws {
        folder = try TemporaryFolder()
        let directory = folder.file("cases")
        try FileManager.default.createDirectory(at: directory.appendingPathComponent("images"), withIntermediateDirectories: true)
        var images: [DatasetImage] = []
        for index in 0..<count {
            let (column, row) = (index % 4, index / 4 % 4)
            var image = DatasetImage(id: index + 1, fileName: "\(index).png", width: 64, height: 64, patient: "p\(index)")
            let picture: PixelImage
            if index % 4 == 3 {
                picture = PixelImage(width: 64, height: 64, bits: 8, samples: Array(repeating: 0, count: 64 * 64))
            } else {
                picture = DrawnPictures.cell(column: column, row: row)
                image.boxes = [Annotation(classID: 1, box: Box(x: Double(16 * column), y: Double(16 * row), width: 24, height: 16))]
            }
            try picture.png().write(to: directory.appendingPathComponent("images/\(index).png"))
            images.append(image)
        }
        dataset = try Dataset(
            directory: directory, findingClasses: [FindingClass(id: 1, name: "Bright"), FindingClass(id: 2, name: "Dark")], images: images,
            folds: [:]
        ).write(to: directory)
    }

    /// - Parameter labels: What the two scores are called; the other way round is a poisoned model.
    func model(_ name: String, labels: [String] = ["Bright", "Dark"], version: String = "1.0.0") throws -> ModelBundle {
        let place = folder.file(name)
        var card = TinyModel.card()
        card.version = version
        try ModelBundle.write(to: place, onnx: Data(contentsOf: TinyModel.network()), labelMap: TinyModel.labels(labels), card: card)
        return try ModelBundle(directory: place)
    }

    var runner: ModelRunner { ModelRunner(decoders: DecoderRegistry(decoders: [PNGDecoder()])) }
    var models: SiteModels { SiteModels(folder: folder.file("improvement")) }
}
