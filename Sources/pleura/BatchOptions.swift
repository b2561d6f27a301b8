import ArgumentParser
import BatchDetection

/// A batch that many machines share.
struct BatchOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Do images of a batch that many machines share: this folder gets the list of images and a file for each part.", valueName: "dir"
        ))
    var batch: String?
    @Option(
        help: ArgumentHelp("With --batch: do the K-th of N equal parts, such as 3/100; all images if not given.", valueName: "k/n"),
        transform: { text in
            guard let shard = Shard(text) else { throw ValidationError("it is K/N, such as 3/100, with K from 1 to N") }
            return shard
        })
    var shard: Shard?
    @Flag(help: "With --batch: go on with a part that was cut off; what is done stays.")
    var resume = false
    @Option(
        help: ArgumentHelp(
            "Check that every image of the batch in this folder was done once, and put the parts together, for --json.", valueName: "dir"))
    var merge: String?
}
