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
    /// The part of a split it belongs to, such as `train`; `nil` where there is no split of that kind.
    public var part: String?
    /// Findings said of the whole image, without a place; empty is a normal image, `nil` is not known.
    public var labels: [String]?
    /// What else the source says of the image or the patient, by name, such as `sex` and `age`.
    public var attributes: [String: String]
    /// Empty for an image on which nobody drew a box.
    public var boxes: [Annotation]
    /// Places where it is not known whether the finding is there: a source boxed there what may be it or another kind of the same.
    public var unknown: [Annotation]
    /// Places where a reader looked and says that the finding is not there, such as a detector's box that was rejected. They say nothing of
    /// the rest of the image.
    public var absent: [Annotation]

    public init(
        id: Int, fileName: String, width: Int, height: Int, patient: String, view: String? = nil, part: String? = nil,
        labels: [String]? = nil, attributes: [String: String] = [:], boxes: [Annotation] = [], unknown: [Annotation] = [],
        absent: [Annotation] = []
    ) {
        self.id = id
        self.fileName = fileName
        self.width = width
        self.height = height
        self.patient = patient
        self.view = view
        self.part = part
        self.labels = labels
        self.attributes = attributes
        self.boxes = boxes
        self.unknown = unknown
        self.absent = absent
    }

    /// True where nothing is found on the image: no box, and no finding said of the whole image.
    public var isNormal: Bool { boxes.isEmpty && unknown.isEmpty && (labels ?? []).isEmpty }

    /// The file name without its suffix, by which results are matched to images.
    public var stem: String { (fileName as NSString).deletingPathExtension }
}
