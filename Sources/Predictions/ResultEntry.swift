import Findings
import Geometry

/// One entry of a JSON list of results, under the names that tools give its parts: COCO's results format and Ultralytics' `to_json`.
/// Lenient, so that one bad entry is told by its number and not for the whole file.
struct ResultEntry: Decodable {
    enum NameOrNumber: Decodable, Hashable {
        case number(Int)
        case text(String)

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if let number = try? value.decode(Int.self) { self = .number(number) } else { self = .text(try value.decode(String.self)) }
        }

        var text: String? { if case .text(let text) = self { text } else { nil } }
        var number: Int? { if case .number(let number) = self { number } else { nil } }
    }

    private struct Key: CodingKey {
        let stringValue: String
        let intValue: Int? = nil
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// `image_id`.
    private(set) var imageID: NameOrNumber?
    /// The name of its file, where it stands beside.
    private(set) var fileName: String?
    /// `category_id`.
    private(set) var categoryID: NameOrNumber?
    /// The name of the finding, where it stands beside.
    private(set) var categoryName: String?
    /// A number under a title that does not say how it counts, with the title.
    private(set) var classNumber: (title: String, number: Int)?
    /// `nil` where there is none; edges that are no numbers are not finite.
    private(set) var box: Box?
    private(set) var score: Double?

    private static let fileNames = ["file_name", "filename", "image", "image_name", "image_path", "file", "path", "im_file"]
    private static let categoryNames = ["category_name", "class_name", "label", "category", "name", "class"]
    private static let scores = ["score", "confidence", "conf", "probability"]
    private static let edges: [(keys: [String], areCorners: Bool)] = [
        (["x1", "y1", "x2", "y2"], true), (["xmin", "ymin", "xmax", "ymax"], true), (["x0", "y0", "x1", "y1"], true),
        (["x", "y", "width", "height"], false), (["x", "y", "w", "h"], false),
    ]

    init(from decoder: any Decoder) throws {
        guard let values = try? decoder.container(keyedBy: Key.self) else { return }
        func value<Value: Decodable>(_ type: Value.Type, _ key: String) -> Value? {
            try? values.decode(type, forKey: Key(stringValue: key))
        }
        imageID = value(NameOrNumber.self, "image_id")
        fileName = Self.fileNames.lazy.compactMap { value(String.self, $0) }.first
        if imageID == nil { imageID = Self.fileNames.lazy.compactMap { value(NameOrNumber.self, $0) }.first }
        categoryID = value(NameOrNumber.self, "category_id")
        categoryName = Self.categoryNames.lazy.compactMap { value(String.self, $0) }.first ?? categoryID?.text
        classNumber = Self.categoryNames.lazy.compactMap { title in value(Int.self, title).map { (title, $0) } }.first
        score = Self.scores.lazy.compactMap { value(Double.self, $0) }.first
        for key in ["bbox", "box"] where box == nil {
            if let numbers = value([Double?].self, key) {
                let edges = numbers.map { $0 ?? .nan }
                if edges.count == 4 { box = Box(x: edges[0], y: edges[1], width: edges[2], height: edges[3]) }
            } else if let inner = try? values.nestedContainer(keyedBy: Key.self, forKey: Key(stringValue: key)) {
                box = Self.box { try? inner.decode(Double.self, forKey: Key(stringValue: $0)) }
            }
        }
    }

    /// A box out of four named numbers; `nil` where they are not there.
    static func box(_ number: (String) -> Double?) -> Box? {
        for (keys, areCorners) in edges {
            let values = keys.compactMap(number)
            guard values.count == 4 else { continue }
            return areCorners
                ? Box(x0: values[0], y0: values[1], x1: values[2], y1: values[3])
                : Box(x: values[0], y: values[1], width: values[2], height: values[3])
        }
        return nil
    }
}
