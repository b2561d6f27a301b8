import Foundation
import Testing
import TrainingExamples
import TrainingSettings

/// The Object Detection API's definitions (object_detection/utils/learning_schedules.py), written down once more as they are published:
/// as choices between tensors, which is another way of writing them than the code's.
private enum Published {
    static func exponential(
        _ step: Int, base: Double, decaySteps: Int, factor: Double, burnInRate: Double, burnInSteps: Int, minimum: Double, staircase: Bool
    ) -> Double {
        let burnInRate = burnInRate == 0 ? base : burnInRate
        let p = Double(step - burnInSteps) / Double(decaySteps)
        let decayed = base * exp(log(factor) * (staircase ? floor(p) : p))
        return max(step < burnInSteps ? burnInRate : decayed, minimum)
    }

    static func cosine(_ step: Int, base: Double, total: Int, warmUpRate: Double, warmUpSteps: Int, hold: Int) -> Double {
        var rate = 0.5 * base * (1 + cos(.pi * Double(step - warmUpSteps - hold) / Double(total - warmUpSteps - hold)))
        if hold > 0 { rate = step > warmUpSteps + hold ? rate : base }
        if warmUpSteps > 0 {
            let slope = (base - warmUpRate) / Double(warmUpSteps)
            rate = step < warmUpSteps ? slope * Double(step) + warmUpRate : rate
        }
        return step > total ? 0 : rate
    }

    /// Every step of the warm-up is a boundary of its own.
    static func manual(_ step: Int, boundaries: [Int], rates: [Double], warmUp: Bool) -> Double {
        var (boundaries, rates) = (boundaries, rates)
        if warmUp, let first = boundaries.first {
            let slope = (rates[1] - rates[0]) / Double(first)
            let warmRates = (0..<first).map { rates[0] + slope * Double($0) }
            boundaries = Array(0..<first) + boundaries
            rates = warmRates + rates.dropFirst()
        } else {
            boundaries = [0] + boundaries
        }
        let index = boundaries.indices.filter { step >= boundaries[$0] }.max() ?? 0
        return rates[index]
    }
}

@Suite struct LearningRateScheduleTests {
    private static func isNear(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-12 * max(1, abs(b)) }

    @Test(arguments: [true, false], [(0.0, 0), (0.001, 7), (0.0, 5)])
    func exponentialDecayIsTheAPIs(inStairs: Bool, burnIn: (rate: Double, steps: Int)) {
        let schedule = LearningRateSchedule.exponential(
            initial: 0.004, decaySteps: 8, factor: 0.95, inStairs: inStairs, burnInRate: burnIn.rate, burnInSteps: burnIn.steps,
            minimum: 0.0025)
        for step in 0..<120 {
            let expected = Published.exponential(
                step, base: 0.004, decaySteps: 8, factor: 0.95, burnInRate: burnIn.rate, burnInSteps: burnIn.steps, minimum: 0.0025,
                staircase: inStairs)
            #expect(Self.isNear(schedule.rate(step: step), expected), "step \(step)")
        }
    }

    @Test(arguments: [(0.0, 0, 0), (0.013333, 20, 0), (0.02, 20, 15), (0.0, 0, 10), (0.08, 100, 0)])
    func cosineDecayIsTheAPIs(warmUpRate: Double, warmUpSteps: Int, hold: Int) {
        let schedule = LearningRateSchedule.cosine(
            base: 0.08, totalSteps: 100, warmUpRate: warmUpRate, warmUpSteps: warmUpSteps, holdSteps: hold)
        for step in 0..<130 where warmUpSteps + hold < 100 || step != 100 {
            let expected = Published.cosine(step, base: 0.08, total: 100, warmUpRate: warmUpRate, warmUpSteps: warmUpSteps, hold: hold)
            #expect(Self.isNear(schedule.rate(step: step), expected), "step \(step)")
        }
    }

    @Test(arguments: [true, false])
    func manualStepsAreTheAPIs(warmsUp: Bool) {
        let schedule = LearningRateSchedule.steps(
            initial: 0.01, changes: [.init(step: 10, rate: 0.1), .init(step: 30, rate: 0.02), .init(step: 31, rate: 0.003)],
            warmsUp: warmsUp)
        for step in 0..<50 {
            let expected = Published.manual(step, boundaries: [10, 30, 31], rates: [0.01, 0.1, 0.02, 0.003], warmUp: warmsUp)
            #expect(Self.isNear(schedule.rate(step: step), expected), "step \(step)")
        }
    }

    /// Worked out by hand.
    @Test func someStepsByHand() {
        let cosine = LearningRateSchedule.cosine(base: 0.08, totalSteps: 1000, warmUpRate: 0.02, warmUpSteps: 100, holdSteps: 0)
        #expect([0, 50, 100, 550, 1000, 1001].map { (cosine.rate(step: $0) * 1e9).rounded() / 1e9 } == [0.02, 0.05, 0.08, 0.04, 0, 0])
        let steps = LearningRateSchedule.steps(initial: 3, changes: [.init(step: 5, rate: 2)], warmsUp: false)
        #expect([0, 4, 5, 6].map(steps.rate) == [3, 3, 2, 2])
        let stairs = LearningRateSchedule.exponential(
            initial: 1, decaySteps: 10, factor: 0.5, inStairs: true, burnInRate: 0, burnInSteps: 0, minimum: 0)
        #expect([0, 9, 10, 19, 20].map(stairs.rate) == [1, 1, 0.5, 0.5, 0.25])
        #expect(LearningRateSchedule.constant(rate: 7).rate(step: 123) == 7)
    }

    private static let all: [LearningRateSchedule] = [
        .constant(rate: 0.25),
        .exponential(initial: 0.5, decaySteps: 8, factor: 0.5, inStairs: true, burnInRate: 0.75, burnInSteps: 4, minimum: 0.125),
        .steps(initial: 0.5, changes: [.init(step: 4, rate: 1), .init(step: 9, rate: 0.25)], warmsUp: true),
        .cosine(base: 1, totalSteps: 64, warmUpRate: 0.25, warmUpSteps: 8, holdSteps: 4),
    ]

    @Test(arguments: all)
    func scalingKeepsTheCourse(_ schedule: LearningRateSchedule) {
        let half = schedule.scaled(by: 0.5)
        for step in 0..<80 { #expect(half.rate(step: step) == schedule.rate(step: step) / 2) }
        #expect(schedule.peak == (0..<80).map(schedule.rate).max())
        #expect(schedule.fault == nil)
    }

    @Test(arguments: all)
    func aConfigurationKeepsItsSchedule(_ schedule: LearningRateSchedule) throws {
        var configuration = TrainingConfiguration(name: "a")
        configuration.schedule.exact = schedule
        let read = try ConfigurationFile.configuration(text: ConfigurationFile.text(of: configuration), file: "a.yaml")
        #expect(read == configuration)
        configuration.setPeakLearningRate(3)
        #expect(configuration.schedule.exact?.peak == 3)
        #expect(configuration.learningRate(step: 5) == schedule.scaled(by: 3 / schedule.peak).rate(step: 5))
    }

    /// A rise, then half a cosine, stairs or a level: written down once more.
    @Test(arguments: ScheduleConfiguration.Course.allCases)
    func aCourseOfItsOwnRisesAndFalls(_ course: ScheduleConfiguration.Course) {
        var configuration = TrainingConfiguration(name: "a")
        configuration.loop.steps = 110
        configuration.optimiser.learningRate = 0.01
        configuration.schedule.course = course
        configuration.schedule.warmUpSteps = 10
        configuration.schedule.stepPlaces = [0.5, 0.9]
        configuration.schedule.finalShare = 0.1
        for step in 0..<10 { #expect(Self.isNear(configuration.learningRate(step: step), 0.001 * Double(step + 1))) }
        for step in 10..<110 {
            let expected =
                switch course {
                case .constant: 0.01
                case .steps: step < 55 ? 0.01 : step < 99 ? 0.001 : 0.0001
                case .cosine: 0.01 * (0.55 + 0.45 * cos(.pi * Double(step - 10) / 100))
                }
            #expect(Self.isNear(configuration.learningRate(step: step), expected), "step \(step)")
        }
    }

    @Test(arguments: [
        LearningRateSchedule.constant(rate: 0), .constant(rate: -1), .constant(rate: .nan), .constant(rate: .infinity),
        .exponential(initial: 1, decaySteps: 0, factor: 0.5, inStairs: true, burnInRate: 0, burnInSteps: 0, minimum: 0),
        .exponential(initial: 1, decaySteps: 5, factor: .nan, inStairs: true, burnInRate: 0, burnInSteps: 0, minimum: 0),
        .steps(initial: 1, changes: [], warmsUp: false), .steps(initial: 1, changes: [.init(step: 0, rate: 1)], warmsUp: false),
        .steps(initial: 1, changes: [.init(step: 5, rate: 1), .init(step: 5, rate: 2)], warmsUp: false),
        .steps(initial: 1, changes: [.init(step: 5, rate: .nan)], warmsUp: false),
        .cosine(base: 1, totalSteps: 5, warmUpRate: 0, warmUpSteps: 6, holdSteps: 0),
        .cosine(base: 1, totalSteps: 5, warmUpRate: 2, warmUpSteps: 3, holdSteps: 0),
        .cosine(base: 1, totalSteps: 0, warmUpRate: 0, warmUpSteps: 0, holdSteps: 0),
    ])
    func whatCannotBeUsedIsRefused(_ schedule: LearningRateSchedule) {
        #expect(schedule.fault != nil)
        var configuration = TrainingConfiguration(name: "a")
        configuration.schedule.exact = schedule
        #expect(throws: TrainingError.self) { try configuration.validated() }
    }
}
