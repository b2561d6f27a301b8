import ArgumentParser
import Installation

/// Hands over to `pleura-train`, which carries LibTorch; a site's program does not.
struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Train a detector (runs pleura-train, found beside this program).", helpNames: [])

    @Argument(parsing: .captureForPassthrough, help: "What pleura-train train takes.")
    var arguments: [String] = []

    func run() throws { try CompanionProgram(.training).run(["train"] + arguments) }
}

/// Hands over as `pleura train` does: the log of experiments is kept by the program that makes the runs.
struct ExperimentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "experiment", abstract: "Note finished trainings in a log of experiments (runs pleura-train).", helpNames: [])

    @Argument(parsing: .captureForPassthrough, help: "What pleura-train experiment takes.")
    var arguments: [String] = []

    func run() throws { try CompanionProgram(.training).run(["experiment"] + arguments) }
}
