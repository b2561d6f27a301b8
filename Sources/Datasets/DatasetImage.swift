import Foundation

/// One image of a dataset with its boxes.
public struct DatasetImage: Hashable, Sendable {
    /// COCO's `image_id`.
    public var id: Int
    /// The name inside `images/`.
    public var fileName: String
    /// Columns.
    public var width: Int
    /// Rows.
    public var height: Int
    /// Whose image it is; folds are split by patient.
    public var patient: String
    /// DICOM's View Position as the source has it, such as `PA`.
    public var view: String?
    /// Empty for an image without findings.
    public var boxes: [Annotation]

    public init(
        id: Int, fileName: String, width: Int, height: Int, patient: String, view: String? = nil, boxes: [Annotation] = []
    ) {
        self.id = id
        self.fileName = fileName
        self.width = width
        self.height = height
        self.patient = patient
        self.view = view
        self.boxes = boxes
    }

    /// The file name without its suffix, by which results are matched to images.
    public var stem: String { (fileName as NSString).deletingPathExtension }
}
