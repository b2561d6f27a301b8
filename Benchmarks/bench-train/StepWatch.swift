import Foundation
import Tensors
import Training

/// Reads clocks and memory between the steps of a training, and ends it after the last one that is wanted.
final class StepWatch {
    /// Thrown when enough has been seen.
    struct Enough: Error {}

    private let warmUp: Int
    private let steps: Int
    /// Steps between samples of memory; 0 for none.
    private let sampling: Int
    private let batch: Int

    private struct Moment {
        let clock = ContinuousClock.now
        let processor = StepWatch.processorSeconds
        let engine = Engine.ownSeconds
    }

    private var first: Moment?
    private var last: Moment?
    private var stepSeconds = 0.0
    /// Steps done and bytes in memory.
    private var memory: [(step: Int, bytes: Int)] = []

    init(warmUp: Int, steps: Int, sampling: Int, batch: Int) {
        (self.warmUp, self.steps, self.sampling, self.batch) = (warmUp, steps, sampling, batch)
    }

    /// - Throws: `Enough` after the last step.
    func saw(_ event: TrainingEvent) throws {
        guard case .step(let step) = event else { return }
        if step.step == 1 { Engine.countOwnTime() }
        if step.step > warmUp { stepSeconds += Double(batch) / step.imagesPerSecond }
        if step.step == warmUp { first = Moment() }
        if sampling > 0, step.step >= warmUp, step.step.isMultiple(of: sampling), let bytes = ProcessMemory.resident {
            memory.append((step.step, bytes))
        }
        guard step.step >= warmUp + steps else { return }
        last = Moment()
        throw Enough()
    }

    /// What was measured, as JSON; `nil` where the training ended early.
    func report(multiplications: Double) -> String? {
        guard let first, let last else { return nil }
        let values: [(String, String)] = [
            ("engine", "\"LibTorch \(Engine.version)\""),
            ("images", "\(steps * batch)"),
            ("seconds", "\((last.clock - first.clock) / .seconds(1))"),
            ("processor_seconds", "\(last.processor - first.processor)"),
            ("step_seconds", "\(stepSeconds)"),
            ("engine_seconds", "\(last.engine - first.engine)"),
            ("multiplications", "\(multiplications)"),
            ("peak_bytes", "\(ProcessMemory.peak ?? 0)"),
            ("memory", "[\(memory.map { "[\($0.step), \($0.bytes)]" }.joined(separator: ", "))]"),
        ]
        return "{\(values.map { "\"\($0)\": \($1)" }.joined(separator: ", "))}"
    }

    /// Of all threads of this process.
    private static var processorSeconds: Double { Double(clock()) / Double(CLOCKS_PER_SEC) }
}
