import Foundation

/// The learning rate over a run: a linear rise, then half a cosine to nothing (Loshchilov and Hutter, ICLR 2017).
package struct Schedule: Sendable {
    let peak: Double
    let warmUpSteps: Int
    let steps: Int

    package init(peak: Double, warmUpSteps: Int, steps: Int) {
        self.peak = peak
        self.warmUpSteps = warmUpSteps
        self.steps = steps
    }

    package func rate(step: Int) -> Double {
        if step < warmUpSteps { return peak * Double(step + 1) / Double(warmUpSteps) }
        let progress = Double(step - warmUpSteps) / Double(max(1, steps - warmUpSteps))
        return peak * 0.5 * (1 + cos(Double.pi * min(1, progress)))
    }
}
