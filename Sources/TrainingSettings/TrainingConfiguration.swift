import Networks
import Radiographs
import TrainingExamples

/// Everything that decides a training besides its data; written into the run folder as `configuration.yaml`.
public struct TrainingConfiguration: Codable, Hashable, Sendable {
    /// What the finished bundle is called.
    public var name: String
    /// One or two sentences for a person who chooses among presets.
    public var description: String
    /// The weights to start from: `none`, a name that `pleura model fetch` knows, or a file.
    public var start: String
    /// Weights whose backbone replaces the start's, such as a pretraining's on image-level labels: `none`, or what `start` takes.
    public var backboneStart: String
    public var model: ModelConfiguration
    /// Steps on the image, then on the network's numbers; the letterbox to the input's side goes between them by itself.
    public var preprocessing: [PreprocessingStep]
    public var loss: LossConfiguration
    public var optimiser: OptimiserConfiguration
    public var schedule: ScheduleConfiguration
    public var loop: LoopConfiguration
    public var sampling: Sampling
    public var augmentation: Augmentation
    /// Of a segmenter alone.
    public var segmentation: SegmentationSettings
    public var validation: ValidationConfiguration
    public var cache: CacheConfiguration
    /// The default operating threshold that goes into the card.
    public var scoreThreshold: Double

    public init(name: String, inputSide: Int = 320) {
        self.name = name
        description = ""
        start = "none"
        backboneStart = "none"
        model = ModelConfiguration()
        model.inputSide = inputSide
        preprocessing = [.percentileWindow(low: 0.5, high: 99.5), .normalise(mean: 0.5, standardDeviation: 0.5)]
        loss = LossConfiguration()
        optimiser = OptimiserConfiguration()
        schedule = ScheduleConfiguration()
        loop = LoopConfiguration()
        sampling = Sampling()
        augmentation = Augmentation()
        segmentation = SegmentationSettings()
        validation = ValidationConfiguration()
        cache = CacheConfiguration()
        scoreThreshold = 0.3
    }

    /// The steps with the letterbox among them, as the model's card has them.
    public var wholePreprocessing: Preprocessing {
        let place = preprocessing.firstIndex { if case .normalise = $0 { true } else { false } } ?? preprocessing.count
        var steps = preprocessing
        steps.insert(.letterbox(width: model.inputSide, height: model.inputSide, fill: 0), at: place)
        return Preprocessing(steps: steps)
    }

    /// Whether images of which only whole-image findings are known teach something.
    package var learnsFromImageLabels: Bool { loss.imageWeight > 0 || (loss.unboxed == .ignored && sampling.labelledShare > 0) }

    /// The starting weights without the folders they lie in.
    package var startName: String {
        guard backboneStart != "none" else { return start == "none" ? "none, random numbers" : Self.lastName(start) }
        return "\(start == "none" ? "random numbers" : Self.lastName(start)), backbone of \(Self.lastName(backboneStart))"
    }

    private static func lastName(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    /// The rate of a step, which counts from 0.
    package func learningRate(step: Int) -> Double {
        schedule.rate(step: step, of: loop.steps, peak: optimiser.learningRate)
    }

    /// Sets the highest rate and keeps the course.
    public mutating func setPeakLearningRate(_ peak: Double) {
        if let old = schedule.exact, old.peak > 0 { schedule.exact = old.scaled(by: peak / old.peak) }
        optimiser.learningRate = peak
    }

    /// - Throws: `TrainingError`, `RadiographError` where a training is not possible with it.
    public func validated() throws -> TrainingConfiguration {
        guard !preprocessing.contains(where: \.isLetterbox) else {
            throw TrainingError(.configuration, "preprocessing: the letterbox goes in by itself, to model.input_side")
        }
        // The letterbox has the network's side, which has a key of its own to be told by.
        try model.validated()
        _ = try wholePreprocessing.validated()
        try loss.validated()
        try optimiser.validated()
        try schedule.validated()
        try loop.validated()
        try validation.validated()
        try cache.validated()
        if let fault = sampling.fault { throw TrainingError(.configuration, fault) }
        if let fault = augmentation.fault { throw TrainingError(.configuration, fault) }
        if let fault = segmentation.fault { throw TrainingError(.configuration, fault) }
        try SettingRange.refuse(
            SettingRange.fault("score_threshold", scoreThreshold, 0...1), SettingRange.fault("name", line: name, count: 1...200),
            SettingRange.fault("description", line: description.replacing("\n", with: " "), count: 0...10_000))
        guard loss.imageWeight == 0 || model.hasImageHead || model.attention.hasLabels || model.family == .classifier else {
            throw TrainingError(
                .configuration, "loss.image_weight teaches a head that model.has_image_head must give, or maps of model.attention: labels")
        }
        guard !model.attention.hasLabels || loss.imageWeight > 0 else {
            throw TrainingError(
                .configuration,
                "model.attention is \(model.attention.rawValue): its maps learn from labels of images, so loss.image_weight must be above 0"
            )
        }
        guard loss.multipleInstanceWeight == 0 || model.family != .classifier else {
            throw TrainingError(.configuration, "loss.multiple_instance_weight teaches anchors, and a classifier has none")
        }
        return self
    }
}
