import Basics
import Datasets
import Findings
import Foundation
import Models

/// A candidate, learnt from the released model with a site's reviews and a replay of old boxes, while nobody needs the machine.
///
/// The training itself is another program's (`pleura-train`): this one lays its data, starts it, and asks it to stop at a checkpoint where the reading
/// room has work, where the time is over, or where it is asked to itself. It goes on where it stopped, until its steps are done.
public struct CandidateTraining: Sendable {
    /// What a run is made of.
    public struct Plan: Sendable {
        /// The folder of the run: `dataset`, `training`, and at last `training/bundle`.
        public var folder: URL
        public var model: ModelBundle
        /// The boxes that the model was released with.
        public var old: Dataset
        /// The site's.
        public var new: Dataset
        /// A preset or a file of settings; the model's own recipe.
        public var recipe: String
        public var steps = 300
        public var threads = 1
        /// When it must have stopped; it may go on another night.
        public var until: Date?

        public init(folder: URL, model: ModelBundle, old: Dataset, new: Dataset, recipe: String) {
            (self.folder, self.model, self.old, self.new, self.recipe) = (folder, model, old, new, recipe)
        }
    }

    /// How it ended.
    public enum Ending: Hashable, Sendable {
        /// The candidate's folder.
        case done(URL)
        /// At a checkpoint: with what to go on.
        case stopped(reason: String)
    }

    public var plan: Plan
    /// `pleura-train`.
    public var program: URL
    /// Asked every second whether the machine is needed: then the training waits at a checkpoint.
    public var isNeeded: @Sendable () async -> Bool
    /// Asked whether to stop for good.
    public var isInterrupted: @Sendable () -> Bool
    public var note: @Sendable (String) -> Void

    public init(
        _ plan: Plan, program: URL, isNeeded: @escaping @Sendable () async -> Bool,
        isInterrupted: @escaping @Sendable () -> Bool = { false },
        note: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        (self.plan, self.program, self.isNeeded) = (plan, program, isNeeded)
        (self.isInterrupted, self.note) = (isInterrupted, note)
    }

    private var run: URL { plan.folder.appendingPathComponent("training") }

    /// - Throws: `ImprovementError`, `DatasetError`; `CancellationError`.
    public func train() async throws -> Ending {
        let data = plan.folder.appendingPathComponent("dataset")
        if !FileManager.default.fileExists(atPath: data.appendingPathComponent("annotations.json").path) {
            let both = try ReplayDataset.write(old: plan.old, new: plan.new, findingClasses: plan.model.labelMap.classes, to: data)
            note("\(both.old) old and \(both.new) new images")
        }
        let bundle = run.appendingPathComponent("bundle")
        while true {
            if let made = try? ModelBundle(directory: bundle) { return .done(made.directory) }
            if isInterrupted() { return .stopped(reason: "interrupted") }
            if isOver { return .stopped(reason: "the time is over") }
            if await isNeeded() {
                try await Task.sleep(for: .seconds(1))
                continue
            }
            let ended = try await start()
            switch ended.status {
            case 0: continue
            case 130: note("stopped at a checkpoint: \(ended.reason)")
            default: throw ImprovementError(.training, "pleura-train ended with \(ended.status): \(ended.reason)")
            }
        }
    }

    private var isOver: Bool { plan.until.map { Date() >= $0 } ?? false }

    /// One stretch of the training.
    private func start() async throws -> (status: Int32, reason: String) {
        let isGoingOn = FileManager.default.fileExists(atPath: run.path)
        let log = plan.folder.appendingPathComponent("training.log")
        if !FileManager.default.fileExists(atPath: log.path) { FileManager.default.createFile(atPath: log.path, contents: nil) }
        guard let output = try? FileHandle(forWritingTo: log) else {
            throw ImprovementError(.cannotWrite, "training.log cannot be written")
        }
        defer { try? output.close() }
        _ = try? output.seekToEnd()
        let process = Process()
        process.executableURL = program
        process.arguments =
            [
                "train", "--dataset", plan.folder.appendingPathComponent("dataset").path, "--config", plan.recipe,
                "--fine-tune", plan.model.directory.path, "--run", run.path, "--steps", "\(plan.steps)", "--threads", "\(plan.threads)",
                "--name", plan.model.card.name, "--checkpoint-every-n", "25", "--quiet",
                "--data-description", "signed reviews of a site, and a replay of the boxes that the model was released with",
                "--data-licence", "the site's own",
            ] + (isGoingOn ? ["--resume"] : [])
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        do {
            try process.run()
        } catch {
            throw ImprovementError(.missing, "pleura-train cannot be started")
        }
        // The lowest of priorities: whoever else wants the processor has it.
        setpriority(__priority_which_t(PRIO_PROCESS.rawValue), id_t(process.processIdentifier), 15)
        var reason = ""
        while process.isRunning {
            try? await Task.sleep(for: .milliseconds(500))
            guard reason.isEmpty, process.isRunning else { continue }
            if isInterrupted() || Task.isCancelled { reason = "interrupted" }
            if isOver { reason = "the time is over" }
            if reason.isEmpty, await isNeeded() { reason = "the reading room has work" }
            if !reason.isEmpty { process.interrupt() }
        }
        if reason.isEmpty {
            let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
            reason = text.split(separator: "\n").last.map(String.init) ?? "it says nothing"
        }
        return (process.terminationStatus, reason)
    }
}
