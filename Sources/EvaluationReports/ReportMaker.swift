import Evaluation
import Findings
import Models

/// Makes a report: everything is matched when it is made, and each part of the report is asked of it in turn.
struct ReportMaker {
    let input: EvaluationInput
    let settings: EvaluationSettings
    let labels: [String]
    /// All scored images, in the order of the input.
    let images: [EvaluatedImage]
    /// Those the figures of boxes are of.
    let placed: ScoredImages
    /// Those of which it is known where something is, on which false boxes are counted.
    let searched: ScoredImages
    /// Over all images.
    let bootstrap: PatientBootstrap
    let scoreThreshold: Double

    /// - Throws: `EvaluationError` where there is nothing to score, or lists do not belong together.
    init(_ input: EvaluationInput, _ settings: EvaluationSettings) throws {
        guard input.images.count == input.detections.count else {
            throw EvaluationError(.mismatch, "\(input.detections.count) lists of detections for \(input.images.count) images")
        }
        self.input = input
        self.settings = settings
        labels = input.findingClasses.map(\.name)
        self.images = zip(input.images, input.detections).map {
            EvaluatedImage($0, findingClasses: input.findingClasses, detections: $1)
        }
        let images = zip(input.images, input.detections).map {
            EvaluatedImage($0, findingClasses: input.findingClasses, detections: $1, coverage: input.coverage)
        }
        let all = input.images.indices.filter { input.images[$0].isSearched }
        let boxed = all.filter { images[$0].truth.contains { !$0.isCrowd } }
        guard !boxed.isEmpty else {
            throw EvaluationError(
                .missing,
                input.coverage == nil
                    ? "on none of the \(images.count) images is a box to be found"
                    : "on none of the \(images.count) images is a box of a finding that a source is complete for")
        }
        let count = labels.count
        let searched = ScoredImages(all, of: images, classCount: count, settings: settings)
        self.searched = searched
        placed =
            settings.boxImages == .all || boxed.count == all.count
            ? searched : ScoredImages(boxed, of: images, classCount: count, settings: settings)
        bootstrap = PatientBootstrap(patients: images.map(\.patient), draws: settings.draws, seed: settings.seed)
        scoreThreshold =
            settings.scoreThreshold ?? searched.headline.froc.pooled().point(.falseBoxesPerImage(1)).scoreThreshold ?? 0
    }

    /// A value a finding, by its label.
    func byLabel<Value>(_ values: [Value]) -> [String: Value] {
        Dictionary(zip(labels, values)) { first, _ in first }
    }

    /// The same, without the findings that have none.
    func byLabel<Value>(_ values: [Value?]) -> [String: Value] {
        byLabel(values).compactMapValues { $0 }
    }
}

extension EvaluationReport {
    /// Computes everything.
    /// - Throws: `EvaluationError` where there is no box to find, or lists do not belong together.
    public init(_ input: EvaluationInput, settings: EvaluationSettings = EvaluationSettings()) throws {
        let maker = try ReportMaker(input, settings)
        let placed = maker.placed, searched = maker.searched
        let headline = HeadlineIntervals(placed)
        let overSearched = placed.positions == searched.positions ? headline : HeadlineIntervals(searched)

        split = maker.split
        images = placed.images.count
        boxes = placed.boxCount
        patients = placed.bootstrap.patientCount
        protocols = maker.protocols
        draws = placed.bootstrap.draws
        seed = settings.seed
        scoreThreshold = maker.scoreThreshold
        (map50, map, map40) = (headline.map50, headline.map, headline.map40)
        perClass = maker.classFigures(headline)
        searchedImages = SearchedImages(
            images: searched.images.count, imagesWithoutBoxes: searched.images.count { $0.truth.isEmpty },
            patients: searched.bootstrap.patientCount, map50: overSearched.map50, map: overSearched.map, map40: overSearched.map40)
        coco = maker.coco
        voc = maker.voc
        rsna = maker.rsna
        let byIoU = maker.localisation(placed.headline.localisation)
        let iobb = placed.evaluation.localisation(.intersectionOverDetected)
        let byIoBB = maker.localisation(iobb)
        (localisationIoU, localisationIoUFalseBoxes) = (byIoU.rates, byIoU.falseBoxes)
        (localisationIoBB, localisationIoBBFalseBoxes) = (byIoBB.rates, byIoBB.falseBoxes)
        localisationIoUMean = maker.byThreshold(headline.localisation)
        localisationIoBBMean = maker.byThreshold(maker.means(iobb))
        froc = FreeResponse(
            rates: FROC.luna16Rates, mean: overSearched.froc, score: overSearched.competitionPerformance,
            perClass: maker.sensitivities(searched.headline.froc))
        cpm = overSearched.competitionPerformance
        chestXDet10 = maker.chestXDet10
        imageLevel = try maker.imageLevel()
        let calibration = maker.calibration()
        self.calibration = calibration.figures
        calibrations = calibration.curves
        confusion = maker.confusion
        tide = maker.errorKinds
        controls = maker.controls()
        subgroups = try maker.subgroups()
        operatingPoints = maker.operatingPoints
        examples = maker.examples
        curves = maker.curves
        sources = maker.sourceFigures
        coverage = maker.findingCoverage
        warnings = maker.warnings
    }
}
