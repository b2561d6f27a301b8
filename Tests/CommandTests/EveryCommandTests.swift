import Foundation
import PleuraTesting
import Testing

/// What holds for every command and option, also for those that will be added.
@Suite(.timeLimit(.minutes(20))) struct EveryCommandTests {
    private static func run(_ words: [String], _ more: [String], in folder: TemporaryFolder) throws -> Shell.Result {
        let program = try ProgramUnderTest.file(words[0]).path
        return try Shell.run(
            program: program, words.dropFirst() + more, directory: folder.url, environment: ["XDG_CACHE_HOME": folder.file("cache").path])
    }

    @Test func everyCommandCanBeSilentAndSpeakJSON() throws {
        let commands = try HelpTree.commands()
        #expect(commands.count >= 20)
        for command in commands {
            // These hand over to pleura-train and pleura-serve, whose commands of the same names have what they need.
            let handOver =
                ["train", "experiment", "serve", "archive", "dicom", "results", "support"].map { ["pleura", $0] }
                + ["dataset", "events", "watch", "next", "shadow"].map { ["pleura", "improve", $0] }
            guard !handOver.contains(command.words) else { continue }
            #expect(command.options.contains { $0.names.contains("--json") }, "\(command.words)")
            #expect(command.flags.contains("--quiet"), "\(command.words)")
        }
    }

    /// A number is refused by the option that it was meant for, with the range; no option of any kind ends in a trap.
    @Test(arguments: ["nan", "3e20", "-1", "99999999999999999999", "-inf", "1e999"])
    func everyNumberHasItsRange(text: String) throws {
        let folder = try TemporaryFolder()
        let range = #/; ((?:above )?[0-9.]+ to (?:below )?[0-9.]+)(?:; [0-9.]+ if not given)?\.$/#
        var tried = 0
        for command in try HelpTree.commands() {
            for option in command.options {
                guard let match = option.abstract.firstMatch(of: range) else {
                    #expect(
                        !["n", "x", "k", "n ...", "pixels", "seconds"].contains(option.valueName),
                        "\(command.words) \(option.names) tells no range")
                    continue
                }
                tried += 1
                for name in option.names {
                    let result = try Self.run(command.words, [name, text], in: folder)
                    #expect(result.status == 2 && !result.signalled && result.output.isEmpty, "\(command.words) \(name)")
                    #expect(
                        result.errors.contains("The value '\(text)' is invalid for '\(name)"), "\(command.words) \(name): \(result.errors)")
                    #expect(result.errors.contains(", \(match.1)"), "\(command.words) \(name): \(result.errors)")
                }
            }
        }
        #expect(tried >= 40)
    }

    /// What a training is told by `--set` has ranges, too.
    @Test(arguments: [
        "loop.epochs=1e300", "loop.epochs=.inf", "loop.epochs=.nan", "loop.batch_size=9223372036854775807", "loop.steps=-1",
        "loop.threads=1000000", "loop.checkpoint_interval=9223372036854775807", "model.levels=-1", "model.levels=100", "model.channels=0",
        "cache.memory=9223372036854775807", "cache.side=-5", "optimiser.learning_rate=1e300", "optimiser.weight_decay=.nan",
        "schedule.warm_up_steps=9223372036854775807", "validation.interval=9223372036854775807", "loop.seed=-1", "loop.steps=3e20",
    ])
    func settingsOfATrainingHaveRanges(setting: String) throws {
        let work = try TemporaryFolder()
        try #require(try ProgramUnderTest.pleura("phantom", "--count", "2", "--size", "512", "--out", "set", in: work.url).status == 0)
        for goal in [["--plan"], ["--run", "run", "--weights", "none"]] {
            let arguments = ["train", "--dataset", "set", "--config", "retina-resnet18", "--set", setting] + goal
            let result = try ProgramUnderTest.run(arguments, in: work.url)
            #expect(result.status == 1 && !result.signalled && result.output.isEmpty, "\(goal): \(result.errors)")
            #expect(result.errors.hasPrefix("pleura-train: configuration: ") && result.errors.split(separator: "\n").count == 1)
        }
        #expect(!FileManager.default.fileExists(atPath: work.file("run").path))
    }
}
