import Datasets
import Evaluation
import Findings

/// Images with their detections, matched once, and the draws of their patients.
struct ScoredImages: Sendable {
    /// Positions among the images of the input.
    let positions: [Int]
    let headline: HeadlineEvaluation
    let bootstrap: PatientBootstrap

    var evaluation: DetectionEvaluation { headline.evaluation }
    var images: [EvaluatedImage] { evaluation.images }

    init(_ positions: [Int], of images: [EvaluatedImage], classCount: Int, settings: EvaluationSettings) {
        self.positions = positions
        let chosen = positions.map { images[$0] }
        headline = HeadlineEvaluation(DetectionEvaluation(images: chosen, classCount: classCount))
        bootstrap = PatientBootstrap(patients: chosen.map(\.patient), draws: settings.draws, seed: settings.seed)
    }

    private init(_ other: ScoredImages, _ images: [EvaluatedImage]) {
        positions = other.positions
        headline = HeadlineEvaluation(
            DetectionEvaluation(images: images, classCount: other.evaluation.classCount), localisationRule: .score(-.infinity))
        bootstrap = other.bootstrap
    }

    /// The same images as a control sees them. For T(IoU) all of its boxes count: it has one or two of a finding, and with as many false
    /// boxes as a model may have, two usual boxes would lose the second one.
    func applying(_ control: any Control) -> ScoredImages { ScoredImages(self, control.applied(to: images)) }

    /// `198 boxes on 177 images of 146 patients`.
    var description: String {
        "\(boxCount) box\(boxCount == 1 ? "" : "es") on \(images.count) image\(images.count == 1 ? "" : "s") of "
            + "\(bootstrap.patientCount) patient\(bootstrap.patientCount == 1 ? "" : "s")"
    }

    var boxCount: Int { (0..<evaluation.classCount).reduce(0) { $0 + evaluation.truthCount(class: $1) } }
}

extension DatasetImage {
    /// Whether it is known where on the image something is: it has boxes, or nothing is found on it.
    var isSearched: Bool { !boxes.isEmpty || isNormal }
}
