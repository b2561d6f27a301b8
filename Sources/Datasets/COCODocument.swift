import Findings
import Geometry

/// `annotations.json` in COCO's format (Lin et al., ECCV 2014), with further keys: `patient`, `view`, `part`, `labels`,
/// `attributes`, `unknown` and `absent` of an image, `reader` and `agreement` of a box. Other programs leave them aside.
package struct COCODocument: Codable {
    package struct Image: Codable {
        package var id: Int
        package var fileName: String
        package var width: Int
        package var height: Int
        package var patient: String?
        package var view: String?
        package var part: String?
        package var labels: [String]?
        package var attributes: [String: String]?
        package var unknown: [UnknownPlace]?
        /// Places where a reader says that the finding is not.
        package var absent: [UnknownPlace]?

        package enum CodingKeys: String, CodingKey {
            case id, width, height, patient, view, part, labels, attributes, unknown, absent
            case fileName = "file_name"
        }
    }
    package struct Annotation: Codable {
        package var id: Int
        package var imageID: Int
        package var categoryID: Int
        /// x, y, width, height in pixels.
        package var box: [Double]
        package var area: Double?
        package var isCrowd: Int?
        package var reader: String?
        package var agreement: Double?

        package enum CodingKeys: String, CodingKey {
            case id, area, reader, agreement
            case imageID = "image_id"
            case categoryID = "category_id"
            case box = "bbox"
            case isCrowd = "iscrowd"
        }
    }
    /// A place of an image where it is not known whether the finding is there.
    package struct UnknownPlace: Codable, Hashable {
        package var categoryID: Int
        /// x, y, width, height in pixels.
        package var box: [Double]
        package var reader: String?

        package enum CodingKeys: String, CodingKey {
            case reader
            case categoryID = "category_id"
            case box = "bbox"
        }

        /// `nil` where the numbers make no box.
        package var place: Box? {
            guard box.count == 4, box.allSatisfy(\.isFinite), box[2] > 0, box[3] > 0 else { return nil }
            return Box(x: box[0], y: box[1], width: box[2], height: box[3])
        }
    }
    package struct Category: Codable {
        package var id: Int
        package var name: String
    }

    package var images: [Image]
    package var annotations: [Annotation]
    package var categories: [Category]

    package init(_ dataset: Dataset) {
        images = dataset.images.map(Image.init)
        categories = dataset.findingClasses.map { Category(id: $0.id, name: $0.name) }
        annotations = dataset.images.flatMap { image in image.boxes.map { (image.id, $0) } }.enumerated().map { index, item in
            Annotation(item.1, id: index + 1, imageID: item.0)
        }
    }
}

extension COCODocument.Image {
    package init(_ image: DatasetImage) {
        self.init(
            id: image.id, fileName: image.fileName, width: image.width, height: image.height, patient: image.patient, view: image.view,
            part: image.part, labels: image.labels, attributes: image.attributes.isEmpty ? nil : image.attributes,
            unknown: Self.places(image.unknown), absent: Self.places(image.absent))
    }

    private static func places(_ annotations: [Annotation]) -> [COCODocument.UnknownPlace]? {
        annotations.isEmpty
            ? nil
            : annotations.map {
                COCODocument.UnknownPlace(
                    categoryID: $0.classID, box: [$0.box.x, $0.box.y, $0.box.width, $0.box.height], reader: $0.reader)
            }
    }
}

extension COCODocument.Annotation {
    package init(_ annotation: Annotation, id: Int, imageID: Int) {
        let box = annotation.box
        self.init(
            id: id, imageID: imageID, categoryID: annotation.classID, box: [box.x, box.y, box.width, box.height], area: box.area,
            isCrowd: 0, reader: annotation.reader, agreement: annotation.agreement)
    }
}
