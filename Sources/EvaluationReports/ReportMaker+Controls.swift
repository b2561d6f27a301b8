import Datasets
import Evaluation
import Findings

extension ReportMaker {
    /// What needs no look at the images, and the second reader where there is one.
    func controls() -> [EvaluationReport.ControlFigures] {
        var controls: [any Control] = [
            priors(boxesPerClass: 2), priors(boxesPerClass: 1), RandomBoxes(classCount: labels.count, seed: settings.seed),
        ]
        if let reader = input.secondReader { controls.append(reader) }
        return controls.map(figures)
    }

    private func priors(boxesPerClass: Int) -> CrossFittedPriors {
        var learning: [(image: EvaluatedImage, group: Int)] = []
        var groupOfImage: [String: Int] = [:]
        if input.learningImages.isEmpty {
            let groups = Self.groups(searched.images.map(\.patient), count: 4)
            learning = zip(searched.images, groups).map { ($0, $1) }
            groupOfImage = Dictionary(learning.map { ($0.image.id, $0.group) }) { first, _ in first }
        } else {
            learning = input.learningImages.filter(\.image.isSearched).map {
                (EvaluatedImage($0.image, findingClasses: input.findingClasses), $0.group)
            }
            // A scored image that is not among them belongs to no group of theirs, and may be told by all.
            let known = Dictionary(input.learningImages.map { ($0.image.stem, $0.group) }) { first, _ in first }
            groupOfImage = Dictionary(searched.images.map { ($0.id, known[$0.id] ?? -1) }) { first, _ in first }
        }
        return CrossFittedPriors(
            learntFrom: learning, groupOfImage: groupOfImage, classCount: labels.count, boxesPerClass: boxesPerClass, seed: settings.seed)
    }

    private func figures(of control: any Control) -> EvaluationReport.ControlFigures {
        let onPlaced = HeadlineIntervals(placed.applying(control))
        let onSearched = placed.positions == searched.positions ? onPlaced : HeadlineIntervals(searched.applying(control))
        return EvaluationReport.ControlFigures(
            name: control.name, map50: onPlaced.map50, map: onPlaced.map, map40: onPlaced.map40,
            localisationIoUMean: byThreshold(onPlaced.localisation), froc: onSearched.froc, cpm: onSearched.competitionPerformance)
    }
}
