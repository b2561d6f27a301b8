import Datasets
import Findings
import Foundation
import Geometry
import Networks
import TrainingExamples

/// Settings that a dataset and a machine suggest, each with its reason.
public struct TrainingPlan: Sendable {
    /// One setting that differs from the preset's, or that was looked at and stays.
    public struct Proposal: Hashable, Sendable {
        /// As `--set` takes it: `model.input_side`.
        public var key: String
        /// In YAML.
        public var value: String
        public var reason: String
    }

    public let preset: String
    /// What was asked for over the preset.
    private let changes: [String]
    public private(set) var proposals: [Proposal] = []
    /// What a person should know that is no setting.
    public private(set) var remarks: [String] = []

    /// A box of fewer pixels across than this is hardly seen by the finest map, at stride 8.
    private static let smallestSide = 16.0

    /// - Parameters:
    ///   - preset: The one that the proposals change, or a file.
    ///   - settings: `key=value` over it.
    ///   - memory: Bytes at hand; half of them are used.
    /// - Throws: `TrainingError` where the dataset has no box; `NetworkError`.
    public init(
        dataset: Dataset, preset: String, settings changes: [String] = [], memory: Double = Double(ProcessInfo.processInfo.physicalMemory)
    ) throws {
        self.preset = preset
        self.changes = changes
        var settings = try ConfigurationFile.read(preset, settings: changes).validated()
        let usable = dataset.images.filter { !$0.boxes.isEmpty || $0.isNormal }
        let relative = usable.flatMap { image in
            image.boxes.map { box in
                let longest = Double(max(1, image.width, image.height))
                return SIMD2(box.box.width / longest, box.box.height / longest)
            }
        }.filter { $0.x > 0 && $0.y > 0 }
        guard !relative.isEmpty else {
            throw TrainingError(.noImages, "none of \(dataset.images.count) images has a box; a detector learns from boxes")
        }
        if settings.model.family != .segmenter { proposeInput(&settings, relative, dataset) }
        if settings.model.family == .retina, settings.model.head == .anchors { proposeAnchors(&settings, relative) }
        try proposeBatch(&settings, dataset, memory: memory)
        proposeSampling(&settings, usable, dataset)
        proposeLength(&settings, usable)
        propose(
            "validation.share", dataset.images.contains { $0.part == "validation" } ? "0" : "0.15",
            dataset.images.contains { $0.part == "validation" }
                ? "the dataset has a part for it"
                : "keeps 15% of the training patients apart, so that the best weights are told from the last")
    }

    /// A file that `--config` takes, the reasons as comments.
    public var text: String {
        var lines = ["# Proposed by pleura train --plan; research use only.", "extends: \(preset)"]
        lines += remarks.map { "# \($0)" }
        if !changes.isEmpty { lines.append("# To be used with \(changes.map { "--set \($0)" }.joined(separator: " "))") }
        let sections = Dictionary(grouping: proposals) { $0.key.split(separator: ".").dropLast().joined(separator: ".") }
        for (section, proposals) in sections.sorted(by: { $0.key < $1.key }) {
            if !section.isEmpty { lines.append("\(section):") }
            let margin = section.isEmpty ? "" : "  "
            for proposal in proposals {
                lines.append("\(margin)# \(proposal.reason)")
                lines.append("\(margin)\(proposal.key.split(separator: ".").last ?? ""): \(proposal.value)")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private mutating func propose(_ key: String, _ value: String, _ reason: String) {
        proposals.append(Proposal(key: key, value: value, reason: reason))
    }

    private mutating func proposeInput(_ settings: inout TrainingConfiguration, _ relative: [SIMD2<Double>], _ dataset: Dataset) {
        let sides = relative.map { min($0.x, $0.y) }.sorted()
        let small = sides[sides.count / 20]
        guard settings.model.family == .retina else {
            let side = settings.model.inputSide
            let across = Int((small * Double(side)).rounded())
            propose(
                "model.input_side", "\(side)",
                "the network's own; one box in twenty is at most \(across) pixels across there"
                    + (Double(across) < 2 * Self.smallestSide
                        ? ", and its finest map has a place every 16: a pyramid (retina-…) sees them better" : ""))
            return
        }
        let wanted = Self.smallestSide / small
        let largest = Double(dataset.images.map { max($0.width, $0.height) }.max() ?? 1024)
        let side = max(320, min(1024, Int((min(wanted, largest) / 64).rounded(.up)) * 64))
        settings.model.inputSide = side
        propose(
            "model.input_side", "\(side)",
            "one box in twenty is at most \(Self.percent(small)) of the image across: \(Int((small * Double(side)).rounded())) pixels here, of "
                + "the \(Int(Self.smallestSide)) that the finest map needs")
        settings.cache.side = max(side, min(1024, side * 3 / 2 / 64 * 64))
        propose(
            "cache.side", "\(settings.cache.side)", "pictures are kept this large, for views that show a part of one at the input's size")
    }

    private mutating func proposeAnchors(_ settings: inout TrainingConfiguration, _ relative: [SIMD2<Double>]) {
        let sizes = relative.map { $0 * Double(settings.model.inputSide) }
        let strides = (0..<settings.model.levels).map { 8 << $0 }
        let own = AnchorPlan.measured(
            sizes, strides: strides, scales: settings.model.anchorScales, aspects: settings.model.anchorAspects)
        let plan = AnchorPlan.fitting(sizes, strides: strides)
        let better = String(
            format: "k-means on IoU: a box and its best anchor overlap by %.2f in the mean, with the preset's by %.2f", plan.meanOverlap,
            own.meanOverlap)
        guard plan.meanOverlap > own.meanOverlap + 0.005 else {
            propose("model.anchor_aspects", "\(settings.model.anchorAspects)", "the preset's fit as well as any found (\(better))")
            return
        }
        propose("model.anchor_scales", "\(plan.scales)", better)
        propose("model.anchor_aspects", "\(plan.aspects)", "height over width of the three clusters")
        if plan.lowOverlap < 0.55 {
            propose(
                "model.positive_overlap", "0.4",
                String(format: "a tenth of the boxes overlap no anchor by more than %.2f even with one centre", plan.lowOverlap))
            propose("model.negative_overlap", "0.3", "as much below the other threshold as usual")
        }
    }

    private mutating func proposeBatch(_ settings: inout TrainingConfiguration, _ dataset: Dataset, memory: Double) throws {
        let cost = CostExecutor()
        let side = settings.model.inputSide
        if settings.model.family == .classifier {
            let network = try settings.model.makeClassifier(classCount: max(1, dataset.findingClasses.count), seed: 1)
            _ = try network(cost.input(channels: 1, side: side), cost)
        } else if settings.model.family == .segmenter {
            _ = try settings.model.makeSegmenter(structures: 5, seed: 1)(cost.input(channels: 1, side: side), cost)
        } else {
            let network = try settings.model.makeDetector(classCount: max(1, dataset.findingClasses.count), seed: 1)
            _ = try network(cost.input(channels: 1, side: side), cost)
        }
        // Each number is kept for the backward pass in 32 bits, or 16, and has a gradient for a while.
        let perImage = cost.activations * (settings.loop.usesBFloat16 ? 4 : 6)
        let fitting = Int(memory / 2 / perImage)
        let wanted = settings.loop.batchSize
        let megabytes = Int(perImage / 1e6)
        if fitting >= wanted {
            propose("loop.batch_size", "\(wanted)", "about \(megabytes) MB an image at \(side) pixels; half of the memory holds \(fitting)")
        } else {
            let part = max(1, fitting)
            let accumulation = (wanted + part - 1) / part
            propose("loop.batch_size", "\(part * accumulation)", "as many images a step as the preset has")
            propose(
                "loop.accumulation", "\(accumulation)",
                "in parts of \(part): about \(megabytes) MB an image at \(side) pixels, and half of the memory holds no more")
        }
        remarks.append(
            String(format: "The network multiplies %.1f thousand million times an image at %d pixels.", cost.multiplications / 1e9, side))
    }

    private mutating func proposeSampling(_ settings: inout TrainingConfiguration, _ usable: [DatasetImage], _ dataset: Dataset) {
        let normal = usable.filter { $0.boxes.isEmpty }.count
        let share = Double(normal) / Double(usable.count)
        propose(
            "sampling.normal_share", normal == 0 ? "0" : String(format: "%.2f", min(0.25, max(0.1, share))),
            normal == 0
                ? "there is no image without a finding: false boxes on healthy lungs will not be learnt away"
                : "\(normal) of \(usable.count) images have no finding; a tenth to a quarter of the batch keeps false boxes down")
        let counts = dataset.findingClasses.map { finding in usable.filter { $0.boxes.contains { $0.classID == finding.id } }.count }
        let there = counts.filter { $0 > 0 }
        let (most, least) = (there.max() ?? 1, there.min() ?? 1)
        propose(
            "sampling.class_balance", Double(most) > 3 * Double(least) ? "0.5" : "0",
            "the commonest finding is on \(most) images, the rarest on \(least)"
                + (Double(most) > 3 * Double(least) ? ": rare ones are shown more often, by the root" : ": near enough"))
        for (finding, count) in zip(dataset.findingClasses, counts) where count < 20 {
            remarks.append("\(finding.name) is on \(count) images: expect little of it.")
        }
    }

    private mutating func proposeLength(_ settings: inout TrainingConfiguration, _ usable: [DatasetImage]) {
        let boxed = usable.filter { !$0.boxes.isEmpty }.count
        let epochs = boxed < 2_000 ? 60 : boxed < 20_000 ? 30 : 12
        propose(
            "loop.epochs", "\(epochs)", "\(boxed) images with boxes; small sets want more rounds, with a moving average against overfitting"
        )
        propose(
            "score_threshold", "0.3",
            "a start; pleura evaluate --write-card finds for each finding the score that gives a wanted number of false boxes")
    }

    private static func percent(_ share: Double) -> String { String(format: "%.1f%%", share * 100) }
}
