import Radiographs

/// Everything that decides a training besides its data; written into the run folder.
public struct TrainingConfiguration: Codable, Hashable, Sendable {
    /// What the finished bundle is called.
    public var name: String
    public var seed: UInt64
    /// Optimiser steps.
    public var steps: Int
    /// Images a step.
    public var batchSize: Int
    /// Of these, images without any box.
    public var normalImagesPerBatch: Int
    /// Learning rate after the warm-up, of the new layers.
    public var learningRate: Double
    /// The backbone's rate relative to it: it starts from good features.
    public var backboneRateFactor: Double
    public var weightDecay: Double
    /// Steps over which the rate rises from 0.
    public var warmUpSteps: Int
    /// The rate's course over the steps, its highest being `learningRate`; `nil` for the usual one, a rise over the warm-up and half a
    /// cosine to nothing. Configurations of runs before it was added have none.
    public var schedule: LearningRateSchedule?
    /// Decay of the moving average of the weights that becomes the model.
    public var averageDecay: Double
    /// Longest allowed gradient.
    public var gradientLimit: Double
    /// Share of a batch in the running statistics of the normalisation.
    public var normalisationMomentum: Double
    public var augmentation: Augmentation
    public var preprocessing: Preprocessing
    /// Side of the pictures kept in memory, from which the augmented inputs are cut, in pixels.
    public var cacheSide: Int
    /// Convolutions in bfloat16.
    public var usesBFloat16: Bool
    public var threads: Int
    /// Steps between checkpoints.
    public var checkpointInterval: Int
    /// The default operating threshold that goes into the card.
    public var scoreThreshold: Double

    public init(name: String, inputSide: Int = 320) {
        self.name = name
        seed = 1
        steps = 2400
        batchSize = 16
        normalImagesPerBatch = 3
        learningRate = 1e-3
        backboneRateFactor = 0.3
        weightDecay = 0.02
        warmUpSteps = 100
        averageDecay = 0.998
        gradientLimit = 10
        normalisationMomentum = 0.03
        augmentation = Augmentation()
        preprocessing = Preprocessing(steps: [
            .percentileWindow(low: 0.5, high: 99.5), .letterbox(width: inputSide, height: inputSide, fill: 0),
            .normalise(mean: 0.5, standardDeviation: 0.5),
        ])
        cacheSide = 512
        usesBFloat16 = Processor.hasFastBFloat16
        threads = Processor.cores
        checkpointInterval = 100
        scoreThreshold = 0.3
    }

    /// The rate of a step, which counts from 0.
    package func learningRate(step: Int) -> Double {
        schedule?.rate(step: step) ?? Schedule(peak: learningRate, warmUpSteps: warmUpSteps, steps: steps).rate(step: step)
    }

    /// Sets the highest rate and keeps the course.
    public mutating func setPeakLearningRate(_ peak: Double) {
        if let old = schedule, old.peak > 0 { schedule = old.scaled(by: peak / old.peak) }
        learningRate = peak
    }

    /// - Throws: `TrainingError` where a training is not possible with it.
    public func validated() throws -> TrainingConfiguration {
        guard steps > 0, batchSize > 0, (0..<batchSize).contains(normalImagesPerBatch), learningRate > 0, threads > 0,
            checkpointInterval > 0,
            cacheSide > 0, (0...1).contains(averageDecay)
        else { throw TrainingError(.configuration, "steps, batch size, rate, threads and intervals must be positive") }
        if let fault = schedule?.fault { throw TrainingError(.configuration, "learning rate: \(fault)") }
        if let fault = augmentation.fault { throw TrainingError(.configuration, "augmentation: \(fault)") }
        _ = try preprocessing.validated()
        return self
    }
}
