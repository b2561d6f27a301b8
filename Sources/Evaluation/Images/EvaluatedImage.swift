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
    /// Positions of the classes of which it is not known where all of them are: no figure counts the image for them.
    public var unscored: Set<Int>

    public init(
        id: String, patient: String, width: Int, height: Int, truth: [TruthBox] = [], detections: [Detection] = [],
        unscored: Set<Int> = []
    ) {
        self.id = id
        self.patient = patient
        self.width = width
        self.height = height
        self.truth = truth
        self.detections = detections
        self.unscored = unscored
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

    /// An image of a dataset with sources, scored for the findings that a source of it is complete for: boxes and detections of others are
    /// left out. A box counts for its own finding and for those that it is a kind of; places that are left open are crowds.
    /// - Parameters:
    ///   - coverage: `nil` for a dataset without sources, all of whose boxes are complete.
    ///   - source: Only what this source is complete for; `nil` for all of the image's.
    public init(
        _ image: DatasetImage, findingClasses: [FindingClass], detections: [Detection] = [], coverage: SourceCoverage?,
        source: String? = nil
    ) {
        guard let coverage else {
            self.init(image, findingClasses: findingClasses, detections: detections)
            return
        }
        let knowledge = coverage.knowledge(of: image, by: source)
        let unscored = Set(knowledge.indices.filter { !knowledge[$0].isScored })
        let drawn = image.boxes.flatMap { box in coverage.present(of: box).map { TruthBox(box: box.box, classIndex: $0) } }
        let open = coverage.openPlaces(of: image).flatMap { columns, place in
            columns.map { TruthBox(box: place.box, classIndex: $0, isCrowd: true) }
        }
        self.init(
            id: image.stem, patient: image.patient, width: image.width, height: image.height,
            truth: (drawn + open).filter { !unscored.contains($0.classIndex) },
            detections: detections.filter { !unscored.contains($0.classIndex) }, unscored: unscored)
    }
}
