import ArgumentParser
import Datasets
import Foundation

struct DatasetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dataset", abstract: "Make datasets to train and measure with.", subcommands: [Import.self])

    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a dataset of NIH ChestX-ray14's boxed images: BBox_List_2017.csv, Data_Entry_2017.csv and images/.")

        @Argument(help: ArgumentHelp("The folder with the boxes.", valueName: "dir"))
        var source: String
        @Option(help: ArgumentHelp("The dataset directory to write.", valueName: "dir"))
        var out: String
        @Option(help: ArgumentHelp("A folder of images without findings (may be given more than once).", valueName: "dir"))
        var normal: [String] = []
        @Flag(help: "Copy the images; else the dataset holds links to them.")
        var copyImages = false

        func run() throws {
            do {
                let dataset = try NIHImporter(copiesImages: copyImages).importDataset(
                    from: URL(fileURLWithPath: source), normals: normal.map { URL(fileURLWithPath: $0) }, to: URL(fileURLWithPath: out))
                let boxes = dataset.images.reduce(0) { $0 + $1.boxes.count }
                StandardError.line(
                    "pleura: \(out): \(dataset.images.count) images, \(boxes) boxes, \(Set(dataset.folds.values).count) folds")
            } catch let error as DatasetError {
                for problem in error.problems { StandardError.line("pleura: \(problem)") }
                throw Failure(.someInputsFailed, "\(source): \(error.code.rawValue): \(error.reason)")
            } catch {
                throw Failure(.someInputsFailed, "\(source): \(Failure.reason(error))")
            }
        }
    }
}
