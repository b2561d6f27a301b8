import Evaluation
import Findings
import Geometry

extension ReportMaker {
    /// Four figures in every part of the images: average precision, boxes found and false ones at the score threshold, and how well the
    /// abnormal are told from the normal.
    func subgroups() throws(EvaluationError) -> [EvaluationReport.Subgroups] {
        let attributes = settings.attributes ?? ImageAttribute.all(in: input.images)
        let any = try anyRanking()
        let found = FoundBoxes(placed.images, iou: 0.5)
        let curve = searched.headline.froc.pooled()
        let threshold = scoreThreshold
        let evaluation = placed.evaluation
        var result: [EvaluationReport.Subgroups] = []
        func add(
            _ figure: String, _ attribute: ImageAttribute, _ positions: [Int], _ bootstrap: PatientBootstrap,
            _ value: @Sendable ([Int]) -> Double?
        ) {
            let comparison = bootstrap.subgroups(
                attribute: attribute.name, values: positions.map { attribute.value(input.images[$0]) }, order: attribute.order, of: value)
            if comparison.groups.count > 1 { result.append(EvaluationReport.Subgroups(figure: figure, comparison: comparison)) }
        }
        for attribute in attributes where attribute.name != ImageAttribute.boxSize.name {
            add("map50", attribute, placed.positions, placed.bootstrap) { evaluation.meanAveragePrecision(iou: 0.5, weights: $0).value }
            add("sensitivity", attribute, placed.positions, placed.bootstrap) { found.sensitivity(score: threshold, weights: $0) }
            add(EvaluationReport.falseBoxesFigure, attribute, searched.positions, searched.bootstrap) {
                curve.point(.score(threshold), weights: $0).falseBoxesPerImage
            }
            add("auroc_any", attribute, Array(images.indices), bootstrap) { any.areaUnderROC($0) }
        }
        if let sizes = boxSizes(found) { result.append(EvaluationReport.Subgroups(figure: "sensitivity", comparison: sizes)) }
        return result
    }

    /// By the size of each box, not of an image's mean one.
    private func boxSizes(_ found: FoundBoxes) -> SubgroupComparison? {
        let images = placed.images
        let band = found.entries.map { entry -> String? in
            let image = images[entry.image]
            return ImageAttribute.sizeBand(share: image.truth[entry.truth].box.area / (Double(image.width) * Double(image.height)))
        }
        let names = ImageAttribute.boxSize.order.filter { name in band.contains(name) }
        guard names.count > 1 else { return nil }
        let groups = names.map { name in
            let members = Set(found.entries.indices.filter { band[$0] == name }.map { found.entries[$0].image })
            return SubgroupComparison.Group(
                name: name, images: members.count, patients: Set(members.map { images[$0].patient }).count)
        }
        let parts = names.map { name in (FoundBoxes(found, band.map { $0 == name }), FoundBoxes(found, band.map { $0 != name })) }
        let threshold = scoreThreshold
        return placed.bootstrap.subgroups(attribute: ImageAttribute.boxSize.name, groups: groups) { weights in
            parts.map {
                (group: $0.sensitivity(score: threshold, weights: weights), others: $1.sensitivity(score: threshold, weights: weights))
            }
        }
    }
}

extension FoundBoxes {
    /// Those of the boxes that are marked.
    fileprivate init(_ all: FoundBoxes, _ isIn: [Bool]) { entries = zip(all.entries, isIn).filter(\.1).map(\.0) }
}
