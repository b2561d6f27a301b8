import Datasets
import Evaluation
import EvaluationReports
import Findings
import Foundation

/// Judges whether a model may take the place of another, on images of known truth that neither has learnt from.
///
/// Both are drawn in pairs, by patient; what a drawn set's threshold is, is found anew in each draw, so that both always make as many false
/// boxes an image.
public struct ChangeGate: Sendable {
    public var settings: GateSettings
    /// By which images fall into groups.
    public var attributes: [ImageAttribute]
    /// Whether an image is the site's own, which must be no worse by itself.
    public var isOwn: @Sendable (DatasetImage) -> Bool
    /// Of the current model and of the candidate; `nil` where they were not measured.
    public var resources: (current: Resources, candidate: Resources)?

    /// What a model costs: the median of milliseconds an image, and the bytes of its network.
    public struct Resources: Hashable, Sendable {
        public var milliseconds: Double
        public var bytes: Int

        public init(milliseconds: Double, bytes: Int) { (self.milliseconds, self.bytes) = (milliseconds, bytes) }
    }

    public init(
        settings: GateSettings = GateSettings(), attributes: [ImageAttribute] = [.view, .sex, .age],
        isOwn: @escaping @Sendable (DatasetImage) -> Bool = { $0.sources.contains { $0.hasPrefix("site") } },
        resources: (current: Resources, candidate: Resources)? = nil
    ) {
        (self.settings, self.attributes, self.isOwn, self.resources) = (settings, attributes, isOwn, resources)
    }

    /// - Parameters:
    ///   - current: The images with what the model in use says of them.
    ///   - candidate: The same images with what the other says.
    /// - Throws: `GateError` where the two are not of the same images; `EvaluationError`.
    public func judge(
        current: EvaluationInput, candidate: EvaluationInput, models: (current: GateReport.Model, candidate: GateReport.Model),
        reference: (name: String, digest: String)
    ) throws -> GateReport {
        guard current.images == candidate.images, current.findingClasses == candidate.findingClasses else {
            throw GateError(.unusable, "the two models were not run on the same images")
        }
        let (one, other) = (try GateFigures(current, settings: settings), try GateFigures(candidate, settings: settings))
        let images = current.images
        let bootstrap = PatientBootstrap(patients: images.map(\.patient), draws: settings.draws, seed: settings.seed)
        let columns = Array(current.findingClasses.indices)
        let masks = groups(of: images)

        // Which figures there are is decided on the images as they are.
        let boxes = columns.map { one.found(of: $0, from: .infinity, nil).truth }
        let judged = columns.filter { boxes[$0] > 0 }
        @Sendable func masked(_ weights: [Int]?, _ mask: [Bool]) -> [Int] {
            mask.indices.map { mask[$0] ? weights?[$0] ?? 1 : 0 }
        }
        let kept = masks.filter { one.found(from: .infinity, masked(nil, $0.mask)).truth >= settings.leastGroupBoxes }
        let hasArea = one.area(nil) != nil
        @Sendable func figures(_ model: GateFigures, _ weights: [Int]?) -> [Double?] {
            let threshold = model.threshold(weights)
            return [hasArea ? model.area(weights) : 0, model.found(from: threshold, weights).share]
                + judged.map { model.found(of: $0, from: threshold, weights).share }
                + kept.map { model.found(from: threshold, masked(weights, $0.mask)).share }
        }
        let (values, others) = (figures(one, nil), figures(other, nil))
        let differences = bootstrap.distributions { weights in
            zip(figures(one, weights), figures(other, weights)).map { a, b in a.flatMap { a in b.map { $0 - a } } }
        }
        // So that all of them together are passed with the power that is wanted.
        let power = 1 - (1 - settings.power) / Double(max(1, values.count))
        func pair(_ place: Int) -> (Double, Double) { (values[place] ?? 0, others[place] ?? 0) }

        var criteria: [GateCriterion] = []
        if hasArea {
            criteria.append(
                .shown(
                    .area, "", values: pair(0), differences[0], margin: settings.areaMargin, cases: images.count, settings: settings,
                    power: power))
        }
        let all = boxes.reduce(0, +)
        guard all > 0 else { throw GateError(.unusable, "the reference set has no box of a finding that the models know") }
        criteria.append(
            .shown(.found, "", values: pair(1), differences[1], margin: settings.foundMargin, cases: all, settings: settings, power: power))
        for (place, column) in judged.enumerated() {
            criteria.append(
                .part(
                    .finding, current.findingClasses[column].name, values: pair(2 + place), differences[2 + place],
                    bound: settings.partBound, cases: boxes[column], settings: settings, power: power))
        }
        for (place, group) in kept.enumerated() {
            let index = 2 + judged.count + place
            let cases = one.found(from: .infinity, masked(nil, group.mask)).truth
            criteria.append(
                group.isOwn
                    ? .shown(
                        .site, group.name, values: pair(index), differences[index], margin: settings.partLoss, cases: cases,
                        settings: settings, power: power)
                    : .part(
                        .group, group.name, values: pair(index), differences[index], bound: nil, cases: cases, settings: settings,
                        power: power))
        }
        if let resources {
            criteria.append(
                .resource(
                    .latency, current: resources.current.milliseconds, candidate: resources.candidate.milliseconds, settings: settings))
            criteria.append(
                .resource(
                    .size, current: Double(resources.current.bytes), candidate: Double(resources.candidate.bytes), settings: settings))
        }
        return GateReport(
            created: Date().formatted(.iso8601), current: models.current, candidate: models.candidate, reference: reference.name,
            referenceDigest: reference.digest, images: images.count, patients: bootstrap.patientCount, boxes: all, settings: settings,
            criteria: criteria, verdict: GateReport.verdict(criteria),
            untested: columns.filter { boxes[$0] == 0 }.map { current.findingClasses[$0].name })
    }

    private struct Group: Sendable {
        var name: String
        var mask: [Bool]
        var isOwn = false
    }

    private func groups(of images: [DatasetImage]) -> [Group] {
        var groups: [Group] = []
        for attribute in attributes {
            let values = images.map(attribute.value)
            let names = Set(values.compactMap(\.self)).sorted()
            // A single part is the whole.
            guard names.count > 1, names.count <= 12 else { continue }
            groups += names.map { name in Group(name: "\(attribute.name) \(name)", mask: values.map { $0 == name }) }
        }
        let own = images.map(isOwn)
        if own.contains(true), own.contains(false) { groups.append(Group(name: "", mask: own, isOwn: true)) }
        return groups
    }
}
