import Datasets
import Findings
import Foundation
import Geometry
import TrainingExamples

/// The predictions in a run's folder: detections of a dataset's images, in COCO's results format.
enum RunPredictions {
    private struct Row: Codable {
        var image: Int
        var category: Int
        var bbox: [Double]
        var score: Double

        enum CodingKeys: String, CodingKey {
            case bbox, score
            case image = "image_id"
            case category = "category_id"
        }
    }

    /// Writes a new file and renames it.
    static func write(_ detections: [[Detection]], of images: [DatasetImage], dataset: Dataset, to url: URL) throws {
        let rows = zip(images, detections).flatMap { image, detections in
            detections.map {
                Row(
                    image: image.id, category: dataset.findingClasses[$0.classIndex].id,
                    bbox: [$0.box.x, $0.box.y, $0.box.width, $0.box.height], score: $0.score)
            }
        }
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            try encoder.encode(rows).write(to: url, options: .atomic)
        } catch {
            throw TrainingError(.cannotWrite, "\(url.lastPathComponent) cannot be written")
        }
    }

    /// - Returns: The detections of `images`, in their order.
    static func read(_ url: URL, of images: [DatasetImage], dataset: Dataset) throws -> [[Detection]] {
        guard let bytes = try? Data(contentsOf: url), let rows = try? JSONDecoder().decode([Row].self, from: bytes) else {
            throw TrainingError(.run, "\(url.lastPathComponent) cannot be read")
        }
        let columns = dataset.findingClasses.columns
        let places = Dictionary(images.enumerated().map { ($1.id, $0) }) { first, _ in first }
        var result = [[Detection]](repeating: [], count: images.count)
        for row in rows {
            guard let place = places[row.image], let column = columns[row.category], row.bbox.count == 4 else {
                throw TrainingError(
                    .run, "\(url.lastPathComponent): image \(row.image) with the finding \(row.category) is not of this dataset's fold")
            }
            result[place].append(
                Detection(
                    box: Box(x: row.bbox[0], y: row.bbox[1], width: row.bbox[2], height: row.bbox[3]), classIndex: column,
                    score: row.score))
        }
        return result
    }
}
