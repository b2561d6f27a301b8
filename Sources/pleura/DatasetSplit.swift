import ArgumentParser
import Console
import Datasets
import Findings
import Foundation
import Outputs
import Reports

private let foldCountRange = OptionRange<Int>.whole(2...10_000)
private let (shareRange, seedRange) = (OptionRange.share, OptionRange.seed)

/// Folds, or training, validation and test, by patient.
struct DatasetSplit: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "split", abstract: "Divide a dataset by patient, balanced over findings, in place.",
        discussion: """
            --folds writes folds.csv; --train, --validation and --test set each image's part in annotations.json and must add up to 1. \
            No patient comes into two parts. The same seed gives the same parts.
            """)

    @Argument(help: ArgumentHelp("The dataset directory.", valueName: "dir"))
    var dataset: String
    @Option(help: foldCountRange.help("How many folds, for a cross-validation", "n"), transform: foldCountRange.parse)
    var folds: Int?
    @Option(help: shareRange.help("The share for training", "x"), transform: shareRange.parse)
    var train: Double?
    @Option(help: shareRange.help("The share for validation", "x"), transform: shareRange.parse)
    var validation: Double?
    @Option(help: shareRange.help("The share for the test", "x"), transform: shareRange.parse)
    var test: Double?
    @Option(help: seedRange.help("Another seed gives other parts", "n", usual: 1), transform: seedRange.parse)
    var seed: UInt64 = 1
    @Flag(help: "Leave the patients who are in a part there, and place the others only.")
    var keep = false
    @Option(
        help: ArgumentHelp("A regular expression for image names without suffix, whose first group is the patient.", valueName: "pattern"))
    var patientPattern: String?
    @Option(help: ArgumentHelp("The attribute of images that names the patient.", valueName: "name"))
    var patientColumn: String?

    @OptionGroup var reports: ReportOptions

    private struct Done: Encodable {
        var dataset: String
        /// Of each part or fold, how much is in it.
        var parts: [PartCounts]
        var all: PartCounts
    }

    private var shares: [Double?] { [train, validation, test] }

    func validate() throws {
        let hasShares = shares.contains { $0 != nil }
        if (folds == nil) != hasShares { throw ValidationError("give --folds, or --train, --validation and --test.") }
        let given = shares.compactMap { $0 }
        if hasShares, abs(given.reduce(0, +) - 1) > 1e-6 { throw ValidationError("--train, --validation and --test must add up to 1.") }
        if patientPattern != nil, patientColumn != nil { throw ValidationError("give --patient-pattern or --patient-column, not both.") }
    }

    func run() throws {
        try reports.claim(inputs: ["annotations.json", "folds.csv"].map { "\(dataset)/\($0)" })
        try Failure.about(dataset) {
            var set = try Dataset.read(directory: URL(fileURLWithPath: dataset))
            let patients = set.images.map(\.patient)
            if let patientPattern { set.setPatients(try PatientNames(pattern: patientPattern)) }
            if let patientColumn { try set.setPatients(attribute: patientColumn) }
            let hasNewPatients = set.images.map(\.patient) != patients
            if let folds {
                try set.splitIntoFolds(folds, seed: seed, keeping: keep)
            } else {
                let parts = zip(Dataset.partNames, shares).map { (name: $0, share: $1 ?? 0) }
                try set.splitIntoParts(parts, seed: seed, keeping: keep)
            }
            if folds == nil || hasNewPatients { try set.writeAnnotations() }
            if folds != nil { try set.writeFolds() }
            let parts = folds != nil ? set.countsByFold : set.countsByPart
            if reports.printsText { StandardOutput.write(PartsTable.text(parts, all: set.counts, classes: set.findingClasses)) }
            try reports.write("dataset split", Done(dataset: dataset, parts: parts, all: set.counts))
            if folds == nil, hasNewPatients, !set.folds.isEmpty {
                StandardError.line("pleura: \(dataset): the patients are others now; folds.csv still has the old ones: split it again")
            }
        }
    }
}
