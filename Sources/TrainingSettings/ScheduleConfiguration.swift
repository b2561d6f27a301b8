import Foundation
import TrainingExamples

/// The learning rate over a run: a linear rise over the warm-up, then a course.
public struct ScheduleConfiguration: Codable, Hashable, Sendable {
    public enum Course: String, Codable, CaseIterable, Hashable, Sendable {
        /// Half a cosine to the final share (Loshchilov and Hutter, ICLR 2017).
        case cosine
        /// Times `stepFactor` at each of `stepPlaces`.
        case steps
        case constant
    }

    public var course = Course.cosine
    /// Steps over which the rate rises from 0.
    public var warmUpSteps = 100
    /// Of `cosine`: the last rate as a share of the highest.
    public var finalShare = 0.0
    /// Of `steps`: shares of the run after which the rate falls.
    public var stepPlaces: [Double] = [0.67, 0.89]
    public var stepFactor = 0.1
    /// A course in steps of its own, such as a pipeline.config has, its highest rate being the optimiser's; then the rest is not used.
    public var exact: LearningRateSchedule?

    public init() {}

    /// The rate of a step, which counts from 0, of a run of `steps`.
    package func rate(step: Int, of steps: Int, peak: Double) -> Double {
        if let exact { return exact.rate(step: step) }
        if step < warmUpSteps { return peak * Double(step + 1) / Double(warmUpSteps) }
        switch course {
        case .constant: return peak
        case .steps:
            let passed = stepPlaces.filter { Double(step) >= $0 * Double(steps) }.count
            return peak * pow(stepFactor, Double(passed))
        case .cosine:
            let progress = Double(step - warmUpSteps) / Double(max(1, steps - warmUpSteps))
            return peak * (finalShare + (1 - finalShare) * 0.5 * (1 + cos(Double.pi * min(1, progress))))
        }
    }

    /// - Throws: `TrainingError`.
    func validated() throws {
        if let fault = exact?.fault { throw TrainingError(.configuration, "schedule.exact: \(fault)") }
        try SettingRange.refuse(
            SettingRange.fault("schedule.warm_up_steps", warmUpSteps, 0...LoopConfiguration.mostSteps),
            SettingRange.fault("schedule.final_share", finalShare, 0...1),
            SettingRange.fault("schedule.step_places", stepPlaces, 0...1, count: 0...1000),
            SettingRange.fault("schedule.step_factor", stepFactor, above: 0, to: 1))
    }
}
