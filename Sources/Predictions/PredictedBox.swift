import Findings
import Geometry

/// A row of a detector's results as some file has it, before it is known to make sense.
public struct PredictedBox: Hashable, Sendable {
    /// How a row says which class it means.
    public enum Category: Hashable, Sendable {
        /// The id in the label map, COCO's `category_id`.
        case id(Int)
        /// The name in the label map, capitals and small letters alike.
        case name(String)
        /// The position in the label map's `classes`, from 0, as in YOLO's files.
        case index(Int)
    }

    /// Where it stands, such as `row 12`, for a word about it.
    public var place: String
    /// The image's file name with or without its suffix.
    public var image: String
    public var category: Category
    /// In pixels of the original image.
    public var box: Box
    public var score: Double

    public init(place: String, image: String, category: Category, box: Box, score: Double) {
        self.place = place
        self.image = image
        self.category = category
        self.box = box
        self.score = score
    }
}
