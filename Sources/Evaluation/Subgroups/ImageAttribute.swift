import Datasets
import Findings
import Foundation
import Geometry

/// What images can be parted by: a name, and what each image is.
public struct ImageAttribute: Sendable {
    /// As a report names it.
    public var name: String
    /// Parts in the order to tell them in; empty for the order of their names.
    public var order: [String]
    /// The part an image is in; `nil` where it is not known.
    public var value: @Sendable (DatasetImage) -> String?

    public init(name: String, order: [String] = [], value: @escaping @Sendable (DatasetImage) -> String?) {
        self.name = name
        self.order = order
        self.value = value
    }

    /// DICOM's View Position, such as PA and AP: lying patients are sicker, so the view alone tells much.
    public static let view = ImageAttribute(name: "view") { ($0.view?.trimmed).flatMap { $0.isEmpty ? nil : $0 } }

    public static let sex = column("sex")

    /// Age at the time of the image, in bands of years.
    public static let age = ImageAttribute(name: "age", order: ageBands.map(\.name)) { image in
        guard let years = image.attributes["age"].flatMap(DatasetStatistics.years) else { return nil }
        return ageBands.last { $0.from <= years }?.name
    }

    /// The mean area of an image's boxes as a share of the image: a nodule's is near 0.5 percent, an enlarged heart's near 18. Images
    /// without boxes are in no band.
    public static let boxSize = ImageAttribute(name: "box size", order: sizeBands.map(\.name)) { image in
        let area = Double(image.width) * Double(image.height)
        guard !image.boxes.isEmpty, area > 0 else { return nil }
        return sizeBand(share: image.boxes.reduce(0) { $0 + $1.box.area } / Double(image.boxes.count) / area)
    }

    /// Any column of the source, by its name among the images' attributes.
    public static func column(_ name: String) -> ImageAttribute {
        ImageAttribute(name: name) { ($0.attributes[name]?.trimmed).flatMap { $0.isEmpty ? nil : $0 } }
    }

    /// The band of a box that covers this share of its image, for figures by box rather than by image.
    public static func sizeBand(share: Double) -> String? { sizeBands.last { $0.from <= share }?.name }

    /// Every attribute by which these images fall into at least two and at most `most` parts: those with names here, then the columns by
    /// name.
    public static func all(in images: [DatasetImage], most: Int = 12) -> [ImageAttribute] {
        let columns = Set(images.flatMap(\.attributes.keys)).subtracting(["sex", "age"]).sorted().map(column)
        return ([view, sex, age, boxSize] + columns).filter { attribute in
            (2...max(2, most)).contains(Set(images.lazy.compactMap(attribute.value)).count)
        }
    }

    private static let ageBands: [(name: String, from: Double)] = [
        ("under 18", 0), ("18 to 39", 18), ("40 to 59", 40), ("60 to 79", 60), ("80 and over", 80),
    ]
    private static let sizeBands: [(name: String, from: Double)] = [
        ("under 1 % of the image", 0), ("1 to 5 % of the image", 0.01), ("over 5 % of the image", 0.05),
    ]
}

extension String {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
