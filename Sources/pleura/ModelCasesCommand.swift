import ArgumentParser
import Assessment
import Basics
import Console
import Outputs

struct ModelCasesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cases", abstract: "Make a model's bank of similar cases from the boxes of a dataset.",
        discussion: """
            The bank lies beside the model's card: features of boxes, their labels and the digests of their images, no image and no name. \
            Explanations show a finding's nearest cases where the nearest boxes are of the finding more often than by chance.
            """)

    @Argument(help: ArgumentHelp("A model's name or its directory.", valueName: "name|dir"))
    var model: String
    @Option(help: ArgumentHelp("The dataset directory with the boxes.", valueName: "dir"))
    var dataset: String
    @OptionGroup var engine: EngineOptions
    @OptionGroup var reports: ReportOptions

    func run() throws {
        try reports.claim()
        let outcome = try CaseBankMaking(of: model, on: AssessedImages(directory: dataset), by: engine.runner(reports)).run()
        try Failure.writing {
            try reports.write("model cases", outcome)
            if reports.printsText { StandardOutput.write(outcome.text) }
        }
        if outcome.failed > 0 { throw Failure(.someInputsFailed, "") }
    }
}
