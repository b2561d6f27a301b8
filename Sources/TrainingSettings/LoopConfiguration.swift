import Basics
import Networks
import TrainingExamples

/// How the steps are made.
public struct LoopConfiguration: Codable, Hashable, Sendable {
    public enum Normalisation: String, Codable, CaseIterable, Hashable, Sendable {
        /// By the statistics of each batch.
        case batch
        /// By the running statistics that the start brought; for small batches.
        case frozen
        /// By the statistics of the batches of all processes.
        case synchronised
    }

    public enum Precision: String, Codable, CaseIterable, Hashable, Sendable {
        /// bfloat16 where the processor or the GPU computes with it.
        case auto
        case f32, bf16
    }

    public enum Layout: String, Codable, CaseIterable, Hashable, Sendable {
        /// Channels last, which was measured to be faster for every network, in 32 bits and in 16.
        case auto
        case channelsFirst = "channels-first"
        case channelsLast = "channels-last"
    }

    /// More of any of these is a slip of the hand, and would be tried.
    package static let mostSteps = 100_000_000
    package static let mostEpochs = 1_000_000.0
    package static let largestBatch = 16_384
    package static let mostThreads = 1_024
    /// Each of them is in every checkpoint.
    package static let mostAveraged = 64

    public var seed: UInt64 = 1
    /// Optimiser steps.
    public var steps = 2400
    /// Rounds over the abnormal images instead, where above 0.
    public var epochs = 0.0
    /// Images a step.
    public var batchSize = 16
    /// Parts in which a step's images go through the network one after another, for want of memory.
    public var accumulation = 1
    /// Decay of the moving average of the weights that becomes the model; 0 takes the weights themselves.
    public var averageDecay = 0.998
    /// The model is the mean of the moving averages at the last so many validations (Izmailov et al., UAI 2018), the running statistics of
    /// batch normalisation too; 0 takes the best validation's, or the last. Without images to validate on they are taken at the same
    /// steps (`validation.interval`).
    public var averagedValidations = 0
    public var normalisation = Normalisation.batch
    /// Share of a batch in the running statistics.
    public var normalisationMomentum = 0.03
    public var precision = Precision.auto
    /// How feature maps lie in memory; the results are the same but for rounding.
    public var layout = Layout.auto
    /// Threads an operator may use; 0 for one a core.
    public var threads = 0
    /// Steps between checkpoints.
    public var checkpointInterval = 100

    public init() {}

    package var usesBFloat16: Bool { precision == .bf16 || (precision == .auto && Processor.current.hasBFloat16) }
    /// What the networks compute in.
    package var runningPrecision: Precision { usesBFloat16 ? .bf16 : .f32 }

    /// What was asked for and what runs.
    package var precisionText: String {
        let isEmulated = usesBFloat16 && !Processor.current.hasBFloat16
        return "precision: \(precision.rawValue) asked for, \(runningPrecision.rawValue) runs"
            + (isEmulated ? ", in steps of 32 bits where the processor has no 16-bit floats" : "")
    }

    package var memoryFormat: MemoryFormat {
        switch layout {
        case .channelsFirst: .channelsFirst
        case .channelsLast: .channelsLast
        case .auto: .channelsLast
        }
    }

    package var threadCount: Int { threads > 0 ? threads : Processor.current.logicalCores }

    /// - Throws: `TrainingError`.
    func validated() throws {
        try SettingRange.refuse(
            SettingRange.fault("loop.steps", steps, 1...Self.mostSteps), SettingRange.fault("loop.epochs", epochs, 0...Self.mostEpochs),
            SettingRange.fault("loop.batch_size", batchSize, 1...Self.largestBatch),
            SettingRange.fault("loop.accumulation", accumulation, 1...Self.largestBatch),
            SettingRange.fault("loop.average_decay", averageDecay, 0...1),
            SettingRange.fault("loop.averaged_validations", averagedValidations, 0...Self.mostAveraged),
            SettingRange.fault("loop.normalisation_momentum", normalisationMomentum, 0...1),
            SettingRange.fault("loop.threads", threads, 0...Self.mostThreads),
            SettingRange.fault("loop.checkpoint_interval", checkpointInterval, 1...Self.mostSteps))
        guard batchSize.isMultiple(of: accumulation) else {
            throw TrainingError(
                .configuration, "loop.accumulation is \(accumulation); a batch of \(batchSize) cannot be cut into so many equal parts")
        }
    }
}
