import ArgumentParser

struct DatasetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dataset", abstract: "Make, split, check and describe datasets to train and measure with.",
        subcommands: [
            DatasetFetch.self, DatasetImport.self, DatasetExport.self, DatasetSplit.self, DatasetMerge.self, DatasetPropose.self,
            DatasetCheck.self, DatasetStats.self, DatasetShow.self, DatasetNodules.self,
        ])
}
