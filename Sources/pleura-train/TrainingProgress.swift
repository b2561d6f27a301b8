import Foundation
import Training

/// Tells a person how the training goes, on standard error: one line rewritten on a terminal, a line now and then elsewhere.
final class TrainingProgress {
    private let isQuiet: Bool
    private let isTerminal = isatty(2) == 1
    private let start = Date()
    private var firstStep: Int?
    private var lastLine = Date.distantPast

    init(isQuiet: Bool) { self.isQuiet = isQuiet }

    func report(_ event: TrainingRun.Event) {
        guard !isQuiet else { return }
        switch event {
        case .message(let text): StandardError.write(text)
        case .reading(let done, let total):
            if done == total { StandardError.write("read \(total) images") }
        case .step(let step, let total, let epoch, let loss, let scoreLoss, let boxLoss, let rate):
            if firstStep == nil { firstStep = step - 1 }
            let interval = isTerminal ? 0.2 : 10
            guard step == total || Date().timeIntervalSince(lastLine) >= interval else { return }
            lastLine = Date()
            let done = Double(step - (firstStep ?? 0))
            let left = Date().timeIntervalSince(start) / max(1, done) * Double(total - step)
            let line = String(
                format: "step %d/%d  epoch %.1f  loss %.4f (scores %.4f, boxes %.4f)  %.1f images/s  %.0f min left", step, total, epoch,
                loss,
                scoreLoss, boxLoss, rate, left / 60)
            StandardError.write(isTerminal ? "\r\u{1B}[K\(line)" : line, terminator: isTerminal && step < total ? "" : "\n")
        }
    }
}

/// Lines for people go to standard error; results go to standard output.
enum StandardError {
    static func write(_ line: String, terminator: String = "\n") {
        FileHandle.standardError.write(Data((line + terminator).utf8))
    }
}
