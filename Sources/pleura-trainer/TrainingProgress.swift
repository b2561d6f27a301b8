import Foundation
import Outputs
import RunRecords
import Training

/// Tells a person how the training goes, on standard error: one line rewritten on a terminal, a line now and then elsewhere.
final class TrainingProgress {
    private let isQuiet: Bool
    private let isTerminal = isatty(2) == 1
    private var start = Date()
    private var firstStep: Int?
    private var lastStep = 0
    private var hasOpenLine = false
    private var lastLine = Date.distantPast

    init(isQuiet: Bool) { self.isQuiet = isQuiet }

    func report(_ event: TrainingEvent, fold: Int? = nil) {
        guard !isQuiet else { return }
        let place = fold.map { "fold \($0): " } ?? ""
        switch event {
        case .message(let text): line(place + text)
        case .reading(let done, let total):
            if done == total { line("\(place)read \(total) images") }
        case .step(let step): report(step, place: place)
        case .validation(let validation):
            let figures = validation.figures.prefix(4).compactMap { figure in
                figure.value.map { "\(figure.name.split(separator: "/").dropFirst().joined(separator: "/")) \(String(format: "%.3f", $0))" }
            }
            guard !figures.isEmpty else { return }
            line("\(place)step \(validation.step): \(figures.joined(separator: "  "))")
        }
    }

    private func report(_ done: TrainingEvent.Step, place: String) {
        // A step that does not follow the last one is the first of another run.
        if firstStep == nil || done.step <= lastStep { (firstStep, start) = (done.step - 1, Date()) }
        lastStep = done.step
        let interval = isTerminal ? 0.2 : 10
        guard done.step == done.total || Date().timeIntervalSince(lastLine) >= interval else { return }
        lastLine = Date()
        let count = Double(done.step - (firstStep ?? 0))
        let left = Date().timeIntervalSince(start) / max(1, count) * Double(done.total - done.step)
        let parts = done.parts.map { String(format: "%@ %.4f", $0.name, $0.value) }.joined(separator: ", ")
        let text = String(
            format: "%@%@step %d/%d  epoch %.1f  loss %.4f%@  %.1f images/s  %@ left", place, bar(done), done.step, done.total, done.epoch,
            done.loss, parts.isEmpty ? "" : " (\(parts))", done.imagesPerSecond, Self.duration(left))
        hasOpenLine = isTerminal && done.step < done.total
        StandardError.write((isTerminal ? "\r\u{1B}[K\(text)" : text) + (hasOpenLine ? "" : "\n"))
    }

    private func bar(_ done: TrainingEvent.Step) -> String {
        guard isTerminal else { return "" }
        let width = 20
        let full = done.step * width / max(1, done.total)
        return String(repeating: "█", count: full) + String(repeating: "░", count: width - full) + " "
    }

    private func line(_ text: String) {
        if hasOpenLine { StandardError.write("\n") }
        hasOpenLine = false
        StandardError.line(text)
    }

    /// Such as `1 h 05 min`, `12 min` or `40 s`.
    private static func duration(_ seconds: Double) -> String {
        let whole = Int(max(0, seconds.isFinite ? seconds : 0).rounded(.up))
        if whole >= 3600 { return String(format: "%d h %02d min", whole / 3600, whole % 3600 / 60) }
        return whole >= 90 ? "\((whole + 30) / 60) min" : "\(whole) s"
    }
}
