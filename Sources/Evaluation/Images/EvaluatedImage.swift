import Datasets
import Findings

/// One image with what readers drew on it and what a detector says of it: all that the figures are computed from.
///
/// Boxes are in pixels of the original image, origin at its top-left corner.
public struct EvaluatedImage: Hashable, Sendable {
    /// The image's file name without its suffix, by which results are matched to images.
    public var id: String
    /// Whose image it is: draws of the bootstrap are draws of patients.
    public var patient: String
    /// Columns.
    public var width: Int
    /// Rows.
    public var height: Int
    /// Empty for an image on which nobody drew a box.
    public var truth: [TruthBox]
    /// In any order; of equal scores on one image the first goes first.
    public var detections: [Detection]

    public init(id: String, patient: String, width: Int, height: Int, truth: [TruthBox] = [], detections: [Detection] = []) {
        self.id = id
        self.patient = patient
        self.width = width
        self.height = height
        self.truth = truth
        self.detections = detections
    }

    /// An image of a dataset. Its boxes get the position of their class in `findingClasses`; a box of a class that is not there is
    /// left out.
    public init(_ image: DatasetImage, findingClasses: [FindingClass], detections: [Detection] = []) {
        let index = findingClasses.columns
        self.init(
            id: image.stem, patient: image.patient, width: image.width, height: image.height,
            truth: image.boxes.compactMap { annotation in
                index[annotation.classID].map { TruthBox(box: annotation.box, classIndex: $0) }
            },
            detections: detections)
    }
}
