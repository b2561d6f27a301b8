import Datasets
import Findings
import Foundation
import Geometry
import Interchange

/// What an export for Label Studio writes.
enum LabelStudioOutput {
    struct Task: Encodable {
        var data: Facts
        var annotations: [Work]

        /// An annotation for each reader; the first one also has the labels of the whole image.
        init(_ image: DatasetImage, names: [Int: String], roundsToPixels: Bool) throws {
            let path = "\(Dataset.imagesFolder)/\(image.fileName)"
            guard let encoded = path.addingPercentEncoding(withAllowedCharacters: Self.plain) else {
                throw DatasetError(.malformed, "image \(image.id): its name is no text")
            }
            data = Facts(
                image: "/data/local-files/?d=\(encoded)", patient: image.patient, view: image.view, part: image.part,
                attributes: image.attributes.isEmpty ? nil : image.attributes)
            var readers: [String?] = []
            var regions: [String?: [Region]] = [:]
            for (number, annotation) in image.boxes.enumerated() {
                if regions[annotation.reader] == nil { readers.append(annotation.reader) }
                let box = roundsToPixels ? annotation.box.roundedToPixels : annotation.box
                let region = Region(
                    box, label: names[annotation.classID] ?? "", of: annotation, on: image, id: "\(image.id)-\(number + 1)")
                regions[annotation.reader, default: []].append(region)
            }
            annotations = readers.map { Work(result: regions[$0] ?? []) }
            if annotations.isEmpty { annotations = [Work(result: [])] }
            if let labels = image.labels { annotations[0].result.append(Region(labels: labels, id: "\(image.id)-0")) }
        }

        private static let plain = CharacterSet(
            charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")
    }

    struct Facts: Encodable {
        var image: String
        var patient: String
        var view: String?
        var part: String?
        var attributes: [String: String]?
    }

    struct Work: Encodable {
        var result: [Region]
    }

    struct Region: Encodable {
        var id: String
        var type: String
        var from: String
        var to = "image"
        var originalWidth: Int?
        var originalHeight: Int?
        var imageRotation: Int?
        var value: Value
        var meta: Meta?

        enum CodingKeys: String, CodingKey {
            case id, type, value, meta
            case from = "from_name"
            case to = "to_name"
            case originalWidth = "original_width"
            case originalHeight = "original_height"
            case imageRotation = "image_rotation"
        }

        init(_ box: Box, label: String, of annotation: Annotation, on image: DatasetImage, id: String) {
            self.id = id
            type = "rectanglelabels"
            from = "label"
            (originalWidth, originalHeight, imageRotation) = (image.width, image.height, 0)
            let (width, height) = (Double(image.width) / 100, Double(image.height) / 100)
            value = Value(
                x: box.x / width, y: box.y / height, width: box.width / width, height: box.height / height, rotation: 0,
                rectanglelabels: [label])
            if annotation.reader != nil || annotation.agreement != nil {
                meta = Meta(reader: annotation.reader, agreement: annotation.agreement)
            }
        }

        init(labels: [String], id: String) {
            self.id = id
            type = "choices"
            from = "findings"
            value = Value(choices: labels)
        }
    }

    struct Value: Encodable {
        var x: Double?
        var y: Double?
        var width: Double?
        var height: Double?
        var rotation: Double?
        var rectanglelabels: [String]?
        var choices: [String]?
    }

    struct Meta: Encodable {
        var reader: String?
        var agreement: Double?
    }

    /// The labelling interface that the tasks need.
    static func configuration(_ dataset: Dataset) throws -> String {
        var lines = ["<View>", "  <Image name=\"image\" value=\"$image\"/>", "  <RectangleLabels name=\"label\" toName=\"image\">"]
        lines += try dataset.findingClasses.map { "    <Label value=\"\(try XMLText.escaped($0.name))\"/>" }
        lines.append("  </RectangleLabels>")
        let labels = Set(dataset.images.flatMap { $0.labels ?? [] }).sorted()
        if !labels.isEmpty {
            lines.append("  <Choices name=\"findings\" toName=\"image\" choice=\"multiple\">")
            lines += try labels.map { "    <Choice value=\"\(try XMLText.escaped($0))\"/>" }
            lines.append("  </Choices>")
        }
        return (lines + ["</View>", ""]).joined(separator: "\n")
    }
}
