import Datasets
import Findings
import Foundation
import Geometry
import Interchange

/// One Pascal VOC file: an image with its boxes.
struct VOCAnnotation {
    static let root = "annotation"

    private let fileName: String?
    private let place: String
    private let width: Int?
    private let height: Int?
    private let boxes: [NamedBox]
    /// Objects that cannot be read.
    private let lostCount: Int
    /// What is wrong with single objects and with the size.
    let problems: [String]
    /// Objects with `truncated` or `difficult` set.
    let markedCount: Int
    /// Parts of objects, such as the head of a person.
    let innerCount: Int

    /// - Throws: `DatasetError` where the bytes are no such file.
    init(_ bytes: Data, name: String) throws {
        let element = try XMLText.decode(Element.self, root: Self.root, from: bytes, name: name)
        place = name
        fileName = element.fileName
        var problems: [String] = []
        var sides: [Int?] = []
        for (side, text) in [("width", element.width), ("height", element.height)] {
            let number = text.flatMap(CSVFile.number).flatMap { Int(exactly: $0) }
            if let text, !text.isEmpty, number == nil || number ?? 0 < 0 {
                problems.append("\(name): the image's \(side) is not a whole number")
            }
            // Some tools write 0 for what they do not know.
            sides.append(number.flatMap { $0 > 0 ? $0 : nil })
        }
        (width, height) = (sides[0], sides[1])
        var boxes: [NamedBox] = []
        for (index, object) in element.objects.enumerated() {
            let place = "\(name), object \(index + 1)"
            do {
                boxes.append(try object.box(place))
            } catch {
                problems += (error as? DatasetError)?.problems ?? ["\(place): cannot be read"]
            }
        }
        self.boxes = boxes
        lostCount = element.objects.count - boxes.count
        self.problems = problems
        markedCount = element.objects.count { $0.isMarked }
        innerCount = element.objects.reduce(0) { $0 + $1.parts }
    }

    /// - Parameter stem: The XML file's name without suffix, which is the image's where the file does not name one.
    func image(stem: String) -> AnnotatedImage {
        let name = fileName.flatMap { $0.isEmpty ? nil : $0 } ?? stem
        var image = AnnotatedImage(name: name, width: width, height: height, boxes: boxes, place: place)
        image.lostBoxes = lostCount
        return image
    }

    /// The XML elements. What is missing is `nil`, and every number is still text: messages are better made above.
    private struct Element: Decodable {
        var fileName: String?
        var width: String?
        var height: String?
        var objects: [Object]

        enum CodingKeys: String, CodingKey {
            case size, object
            case fileName = "filename"
        }
        enum SizeKeys: String, CodingKey { case width, height }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            fileName = try? container.decodeIfPresent(String.self, forKey: .fileName)
            let size = try? container.nestedContainer(keyedBy: SizeKeys.self, forKey: .size)
            width = try? size?.decodeIfPresent(String.self, forKey: .width)
            height = try? size?.decodeIfPresent(String.self, forKey: .height)
            objects = try container.decodeIfPresent([Object].self, forKey: .object) ?? []
        }
    }

    private struct Object: Decodable {
        var name: String?
        var isMarked: Bool
        var edges: [String?]
        var parts: Int

        enum CodingKeys: String, CodingKey { case name, truncated, difficult, bndbox, part }
        enum EdgeKeys: String, CodingKey, CaseIterable { case xmin, ymin, xmax, ymax }
        private struct Ignored: Decodable { init(from decoder: any Decoder) {} }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            name = try? container.decodeIfPresent(String.self, forKey: .name)
            isMarked = [CodingKeys.truncated, .difficult].contains {
                (try? container.decodeIfPresent(String.self, forKey: $0)) == "1"
            }
            let box = try? container.nestedContainer(keyedBy: EdgeKeys.self, forKey: .bndbox)
            edges = EdgeKeys.allCases.map { key in try? box?.decodeIfPresent(String.self, forKey: key) }
            parts = (try? container.decodeIfPresent([Ignored].self, forKey: .part))?.count ?? 0
        }

        /// - Throws: `DatasetError` with everything that is wrong with the object.
        func box(_ place: String) throws -> NamedBox {
            var problems: [String] = []
            if (name ?? "").isEmpty { problems.append("\(place): no name") }
            var values: [Double] = []
            if edges.allSatisfy({ $0 == nil }) {
                problems.append("\(place): no bndbox")
            } else {
                for (key, text) in zip(EdgeKeys.allCases, edges) {
                    guard let text, !text.isEmpty else {
                        problems.append("\(place): no \(key.rawValue)")
                        continue
                    }
                    if let value = CSVFile.number(text) {
                        values.append(value)
                    } else {
                        problems.append("\(place): its \(key.rawValue) is not a number")
                    }
                }
            }
            guard problems.isEmpty, values.count == 4, let name else { throw DatasetError(.malformed, problems: problems) }
            let box = Box(x0: values[0], y0: values[1], x1: values[2], y1: values[3])
            return NamedBox(label: name, geometry: .pixels(box), place: place)
        }
    }

    /// The file of an image, laid out as labelImg does.
    /// - Throws: `DatasetError` where a name cannot stand in XML.
    static func text(_ image: DatasetImage, names: [Int: String], roundsToPixels: Bool) throws -> String {
        var lines = [
            "<annotation>", "\t<folder>\(Dataset.imagesFolder)</folder>", "\t<filename>\(try XMLText.escaped(image.fileName))</filename>",
            "\t<source>", "\t\t<database>Unknown</database>", "\t</source>", "\t<size>", "\t\t<width>\(image.width)</width>",
            "\t\t<height>\(image.height)</height>", "\t\t<depth>1</depth>", "\t</size>", "\t<segmented>0</segmented>",
        ]
        for annotation in image.boxes {
            let box = roundsToPixels ? annotation.box.roundedToPixels : annotation.box
            let edges = [("xmin", box.x), ("ymin", box.y), ("xmax", box.maxX), ("ymax", box.maxY)]
            lines += [
                "\t<object>", "\t\t<name>\(try XMLText.escaped(names[annotation.classID] ?? ""))</name>", "\t\t<pose>Unspecified</pose>",
                "\t\t<truncated>0</truncated>", "\t\t<difficult>0</difficult>", "\t\t<bndbox>",
            ]
            lines += edges.map { "\t\t\t<\($0.0)>\(Decimals.shortest($0.1))</\($0.0)>" }
            lines += ["\t\t</bndbox>", "\t</object>"]
        }
        return lines.joined(separator: "\n") + "\n</annotation>\n"
    }
}
