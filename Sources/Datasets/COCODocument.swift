import Findings
import Geometry

/// `annotations.json` in COCO's format (Lin et al., ECCV 2014), with further keys: `patient`, `view`, `part`, `labels` and
/// `attributes` of an image, `reader` and `agreement` of a box. Other programs leave them aside.
struct COCODocument: Codable {
    struct Image: Codable {
        var id: Int
        var fileName: String
        var width: Int
        var height: Int
        var patient: String?
        var view: String?
        var part: String?
        var labels: [String]?
        var attributes: [String: String]?

        enum CodingKeys: String, CodingKey {
            case id, width, height, patient, view, part, labels, attributes
            case fileName = "file_name"
        }
    }
    struct Annotation: Codable {
        var id: Int
        var imageID: Int
        var categoryID: Int
        /// x, y, width, height in pixels.
        var box: [Double]
        var area: Double?
        var isCrowd: Int?
        var reader: String?
        var agreement: Double?

        enum CodingKeys: String, CodingKey {
            case id, area, reader, agreement
            case imageID = "image_id"
            case categoryID = "category_id"
            case box = "bbox"
            case isCrowd = "iscrowd"
        }
    }
    struct Category: Codable {
        var id: Int
        var name: String
    }

    var images: [Image]
    var annotations: [Annotation]
    var categories: [Category]

    init(_ dataset: Dataset) {
        images = dataset.images.map(Image.init)
        categories = dataset.findingClasses.map { Category(id: $0.id, name: $0.name) }
        annotations = dataset.images.flatMap { image in image.boxes.map { (image.id, $0) } }.enumerated().map { index, item in
            Annotation(item.1, id: index + 1, imageID: item.0)
        }
    }
}

extension COCODocument.Image {
    init(_ image: DatasetImage) {
        self.init(
            id: image.id, fileName: image.fileName, width: image.width, height: image.height, patient: image.patient, view: image.view,
            part: image.part, labels: image.labels, attributes: image.attributes.isEmpty ? nil : image.attributes)
    }
}

extension COCODocument.Annotation {
    init(_ annotation: Annotation, id: Int, imageID: Int) {
        let box = annotation.box
        self.init(
            id: id, imageID: imageID, categoryID: annotation.classID, box: [box.x, box.y, box.width, box.height], area: box.area,
            isCrowd: 0, reader: annotation.reader, agreement: annotation.agreement)
    }
}
