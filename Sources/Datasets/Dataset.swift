import Findings
import Foundation

/// One reader's box on one image.
public struct Annotation: Hashable, Sendable {
    /// The id in the label map.
    public var classID: Int
    /// In pixels of the image.
    public var box: Box

    public init(classID: Int, box: Box) {
        self.classID = classID
        self.box = box
    }
}

/// One image of a dataset with its boxes.
public struct DatasetImage: Hashable, Sendable {
    /// COCO's `image_id`.
    public var id: Int
    /// The name inside `images/`.
    public var fileName: String
    /// In pixels.
    public var width: Int
    /// In pixels.
    public var height: Int
    /// Whose image it is; folds are split by it.
    public var patient: String
    /// View position as the source has it, such as `PA`.
    public var view: String?
    public var boxes: [Annotation]

    public init(id: Int, fileName: String, width: Int, height: Int, patient: String, view: String? = nil, boxes: [Annotation] = []) {
        self.id = id
        self.fileName = fileName
        self.width = width
        self.height = height
        self.patient = patient
        self.view = view
        self.boxes = boxes
    }

    /// The file name without its suffix.
    public var stem: String { (fileName as NSString).deletingPathExtension }
}

/// Images with radiologists' boxes: a directory of `images/`, `annotations.json` (COCO), `label_map.pbtxt` and `folds.csv`.
public struct Dataset: Sendable {
    /// Where it lies.
    public var directory: URL
    /// In the label map's order.
    public var findingClasses: [FindingClass]
    public var images: [DatasetImage]
    /// The fold of each patient.
    public var folds: [String: Int]

    public init(directory: URL, findingClasses: [FindingClass], images: [DatasetImage], folds: [String: Int]) {
        self.directory = directory
        self.findingClasses = findingClasses
        self.images = images
        self.folds = folds
    }

    static let imagesFolder = "images"
    static let annotationsFile = "annotations.json"
    static let labelMapFile = "label_map.pbtxt"
    static let foldsFile = "folds.csv"

    public func url(of image: DatasetImage) -> URL {
        directory.appendingPathComponent(Self.imagesFolder).appendingPathComponent(image.fileName)
    }

    /// `nil` where the patient is in no fold.
    public func fold(of image: DatasetImage) -> Int? { folds[image.patient] }
}
