import TrainingExamples

extension TrainingConfiguration {
    /// Of a model that goes on learning at a site, at most so many steps.
    public static let mostFineTuningSteps = 300

    /// Makes of the recipe of a released model that of its further training on few new images: gentle, short, and with as many old images as new
    /// ones, so that nothing is forgotten.
    /// - Parameter bundle: The folder of the released bundle, or another start.
    public mutating func fineTune(from bundle: String) {
        (start, backboneStart) = (bundle, "none")
        setPeakLearningRate(0.1 * (schedule.exact?.peak ?? optimiser.learningRate))
        (loop.steps, loop.epochs, loop.batchSize) = (min(loop.steps, Self.mostFineTuningSteps), 0, 16)
        // A bundle's normalisation is folded: there are no statistics to go on with.
        loop.normalisation = .frozen
        loop.averageDecay = 0.999
        loop.averagedValidations = 0
        optimiser.frozenStages = 2
        (sampling.bySource, sampling.sourceBalance) = (true, 1)
        // A few images of a site say less of which step is best than the average of the steps.
        validation.share = 0
    }
}
