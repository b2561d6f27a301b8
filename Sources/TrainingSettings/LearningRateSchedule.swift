import Foundation

/// A learning rate over the steps of a run, as the TensorFlow Object Detection API defines it (its utils/learning_schedules.py). Steps
/// count from 0.
public enum LearningRateSchedule: Codable, Hashable, Sendable {
    case constant(rate: Double)
    /// initial * factor ^ ((step - burnInSteps) / decaySteps), the exponent rounded down in stairs; before, the burn-in rate, or the
    /// initial one where that is 0. Never below `minimum`.
    case exponential(
        initial: Double, decaySteps: Int, factor: Double, inStairs: Bool, burnInRate: Double, burnInSteps: Int, minimum: Double)
    /// The rate of the last change at or before the step. With a warm-up the rate goes in a line from the initial one to that of the
    /// first change.
    case steps(initial: Double, changes: [Change], warmsUp: Bool)
    /// A line from the warm-up rate to the base, the base for so many steps, half a cosine to nothing at `totalSteps`, then nothing
    /// (Loshchilov and Hutter, ICLR 2017).
    case cosine(base: Double, totalSteps: Int, warmUpRate: Double, warmUpSteps: Int, holdSteps: Int)

    public struct Change: Codable, Hashable, Sendable {
        public var step: Int
        public var rate: Double

        public init(step: Int, rate: Double) {
            self.step = step
            self.rate = rate
        }
    }

    public func rate(step: Int) -> Double {
        let now = Double(step)
        switch self {
        case .constant(let rate): return rate
        case .exponential(let initial, let decaySteps, let factor, let inStairs, let burnInRate, let burnInSteps, let minimum):
            if step < burnInSteps { return max(minimum, burnInRate == 0 ? initial : burnInRate) }
            let exponent = (now - Double(burnInSteps)) / Double(max(1, decaySteps))
            return max(minimum, initial * pow(factor, inStairs ? exponent.rounded(.down) : exponent))
        case .steps(let initial, let changes, let warmsUp):
            if warmsUp, let first = changes.first, step < first.step {
                return initial + (first.rate - initial) / Double(first.step) * now
            }
            return changes.last { $0.step <= step }?.rate ?? initial
        case .cosine(let base, let totalSteps, let warmUpRate, let warmUpSteps, let holdSteps):
            if step > totalSteps { return 0 }
            if step < warmUpSteps { return warmUpRate + (base - warmUpRate) / Double(warmUpSteps) * now }
            let turn = Double(warmUpSteps) + Double(holdSteps)
            if now <= turn { return base }
            let progress = (now - turn) / max(1, Double(totalSteps) - turn)
            return base * 0.5 * (1 + cos(Double.pi * progress))
        }
    }

    /// The highest rate it can give.
    public var peak: Double {
        switch self {
        case .constant(let rate): rate
        case .exponential(let initial, _, _, _, let burnInRate, let burnInSteps, let minimum):
            max(initial, burnInSteps > 0 ? burnInRate : 0, minimum)
        case .steps(let initial, let changes, _): changes.map(\.rate).reduce(initial, max)
        case .cosine(let base, _, let warmUpRate, let warmUpSteps, _): max(base, warmUpSteps > 0 ? warmUpRate : 0)
        }
    }

    /// The same shape with every rate times `factor`.
    public func scaled(by factor: Double) -> LearningRateSchedule {
        switch self {
        case .constant(let rate): .constant(rate: rate * factor)
        case .exponential(let initial, let decaySteps, let decay, let inStairs, let burnInRate, let burnInSteps, let minimum):
            .exponential(
                initial: initial * factor, decaySteps: decaySteps, factor: decay, inStairs: inStairs, burnInRate: burnInRate * factor,
                burnInSteps: burnInSteps, minimum: minimum * factor)
        case .steps(let initial, let changes, let warmsUp):
            .steps(
                initial: initial * factor, changes: changes.map { Change(step: $0.step, rate: $0.rate * factor) }, warmsUp: warmsUp)
        case .cosine(let base, let totalSteps, let warmUpRate, let warmUpSteps, let holdSteps):
            .cosine(
                base: base * factor, totalSteps: totalSteps, warmUpRate: warmUpRate * factor, warmUpSteps: warmUpSteps,
                holdSteps: holdSteps)
        }
    }

    /// Why it cannot be used; `nil` where it can. The Object Detection API refuses the same, and divides by a decay of 0 steps.
    public var fault: String? {
        guard peak.isFinite, peak > 0, lowest >= 0 else { return "learning rates are finite and not negative, and one is above 0" }
        switch self {
        case .constant: return nil
        case .exponential(_, let decaySteps, let factor, _, _, _, _):
            return decaySteps > 0 && factor > 0 && factor.isFinite ? nil : "decay steps and decay factor are above 0"
        case .steps(_, let changes, _):
            let steps = changes.map(\.step)
            guard let first = steps.first, first > 0 else { return "there is a first change, and it is after step 0" }
            return zip(steps, steps.dropFirst()).allSatisfy { $0 < $1 } ? nil : "the steps of the changes rise"
        case .cosine(let base, let totalSteps, let warmUpRate, let warmUpSteps, _):
            guard totalSteps > 0, totalSteps >= warmUpSteps else { return "there are more steps in total than in the warm-up" }
            return warmUpSteps == 0 || warmUpRate <= base ? nil : "the warm-up begins at or below the base rate"
        }
    }

    private var lowest: Double {
        let rates: [Double] =
            switch self {
            case .constant(let rate): [rate]
            case .exponential(let initial, _, _, _, let burnInRate, _, let minimum): [initial, burnInRate, minimum]
            case .steps(let initial, let changes, _): [initial] + changes.map(\.rate)
            case .cosine(let base, _, let warmUpRate, _, _): [base, warmUpRate]
            }
        return rates.contains(where: \.isNaN) ? -1 : rates.min() ?? 0
    }
}
