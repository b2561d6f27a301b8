import Foundation
import ObjectDetectionAPI
import TrainingSettings

extension PipelineTranslator {
    /// The learning rate's course, and the moving average that becomes the model.
    mutating func setOptimiser(_ result: inout TrainingConfiguration) {
        let path = "train_config.optimizer"
        let optimiser = train.optimizer
        let rate: ObjectDetection_Protos_LearningRate
        let kind: String
        switch optimiser.optimizer {
        case .rmsPropOptimizer(let own)?: (rate, kind) = (own.learningRate, "rms_prop_optimizer")
        case .momentumOptimizer(let own)?: (rate, kind) = (own.learningRate, "momentum_optimizer")
        case .adamOptimizer(let own)?: (rate, kind) = (own.learningRate, "adam_optimizer")
        case nil:
            problem(.missing, path, "names no optimiser")
            return
        }
        if train.optimizer.useMovingAverage {
            let decay = Self.decimal(optimiser.movingAverageDecay)
            if (0..<1).contains(decay) {
                result.loop.averageDecay = decay
            } else {
                problem(.value, "\(path).moving_average_decay", "a share is at least 0 and below 1")
            }
        } else {
            // An average that forgets at once is the weights themselves.
            result.loop.averageDecay = 0
        }
        guard let (schedule, name) = schedule(rate) else {
            problem(.missing, "\(path).\(kind).learning_rate", "names no course of the learning rate")
            return
        }
        if let fault = schedule.fault {
            problem(.value, "\(path).\(kind).learning_rate.\(name)", fault)
            return
        }
        let backbone = "the backbone at \(result.optimiser.backboneRateFactor) of the rate, weight decay \(result.optimiser.weightDecay)"
        if kind == "adam_optimizer" {
            result.schedule.exact = schedule
            note("\(path).\(kind)", "AdamW instead, with the file's learning rates; \(backbone)")
        } else {
            // A rate for plain gradients is some hundred times too high where steps are divided by the gradient's own size.
            let factor = result.optimiser.learningRate / schedule.peak
            result.schedule.exact = schedule.scaled(by: factor)
            note(
                "\(path).\(kind)",
                "AdamW instead, which wants lower learning rates: the file's times \(Self.short(factor)), so that the highest is "
                    + "\(Self.short(result.optimiser.learningRate)) (--learning-rate sets another); \(backbone)")
        }
        result.optimiser.learningRate = result.schedule.exact?.peak ?? result.optimiser.learningRate
        result.schedule.warmUpSteps = 0
    }

    private func schedule(_ rate: ObjectDetection_Protos_LearningRate) -> (LearningRateSchedule, name: String)? {
        switch rate.learningRate {
        case .constantLearningRate(let own)?: (.constant(rate: Self.decimal(own.learningRate)), "constant_learning_rate")
        case .exponentialDecayLearningRate(let own)?:
            (
                .exponential(
                    initial: Self.decimal(own.initialLearningRate), decaySteps: Int(own.decaySteps), factor: Self.decimal(own.decayFactor),
                    inStairs: own.staircase, burnInRate: Self.decimal(own.burninLearningRate), burnInSteps: Int(own.burninSteps),
                    minimum: Self.decimal(own.minLearningRate)), "exponential_decay_learning_rate"
            )
        case .manualStepLearningRate(let own)?:
            (
                .steps(
                    initial: Self.decimal(own.initialLearningRate),
                    changes: own.schedule.map { .init(step: Int($0.step), rate: Self.decimal($0.learningRate)) }, warmsUp: own.warmup),
                "manual_step_learning_rate"
            )
        case .cosineDecayLearningRate(let own)?:
            (
                .cosine(
                    base: Self.decimal(own.learningRateBase), totalSteps: Int(own.totalSteps),
                    warmUpRate: Self.decimal(own.warmupLearningRate), warmUpSteps: Int(own.warmupSteps),
                    holdSteps: Int(own.holdBaseRateSteps)), "cosine_decay_learning_rate"
            )
        case nil: nil
        }
    }

    static func short(_ value: Double) -> String { String(format: "%.4g", value) }
}
