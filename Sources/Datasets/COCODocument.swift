import Findings
import Foundation

/// `annotations.json` as COCO writes it, with Pleura's two further keys on images: `patient` and `view`.
struct COCODocument: Codable {
    struct Info: Codable {
        var description: String
    }
    struct Image: Codable {
        var id: Int
        var fileName: String
        var width: Int
        var height: Int
        var patient: String?
        var view: String?

        enum CodingKeys: String, CodingKey {
            case id, width, height, patient, view
            case fileName = "file_name"
        }
    }
    struct Annotation: Codable {
        var id: Int
        var imageID: Int
        var categoryID: Int
        var bbox: [Double]
        var area: Double?
        var iscrowd: Int?

        enum CodingKeys: String, CodingKey {
            case id, bbox, area, iscrowd
            case imageID = "image_id"
            case categoryID = "category_id"
        }
    }
    struct Category: Codable {
        var id: Int
        var name: String
    }

    var info: Info?
    var images: [Image]
    var annotations: [Annotation]
    var categories: [Category]

    init(_ dataset: Dataset) {
        info = Info(description: Notice.researchUseOnly)
        images = dataset.images.map {
            Image(id: $0.id, fileName: $0.fileName, width: $0.width, height: $0.height, patient: $0.patient, view: $0.view)
        }
        categories = dataset.findingClasses.map { Category(id: $0.id, name: $0.name) }
        annotations = dataset.images.flatMap { image in image.boxes.map { (image.id, $0) } }.enumerated().map { index, item in
            let box = item.1.box
            return Annotation(
                id: index + 1, imageID: item.0, categoryID: item.1.classID, bbox: [box.x, box.y, box.width, box.height], area: box.area,
                iscrowd: 0)
        }
    }
}
