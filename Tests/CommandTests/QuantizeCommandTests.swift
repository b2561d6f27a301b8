import Evaluation
import EvaluationReports
import Findings
import Foundation
import Models
import PleuraTesting
import Testing

/// `pleura model quantize`, and `--precision int8` of what it makes.
@Suite(.timeLimit(.minutes(20))) struct QuantizeCommandTests {
    private let work: TemporaryFolder

    init() throws {
        work = try TemporaryFolder()
        try CellDataset().write(to: work.file("set"))
        var card = TinyModel.card()
        card.trainingData = ModelCard.TrainingData(
            description: "cells", licence: "none", digest: "00", images: 30, boxes: 9, patients: 10, folds: [0])
        for name in ["convolutions", "fragile", "tiny"] { try TinyModel.write(to: work.file(name), network: name, card: card) }
    }

    private func quantize(_ model: String, _ arguments: String...) throws -> Shell.Result {
        try ProgramUnderTest.run(["model", "quantize", model, "--dataset", "set", "--out", "out", "--quiet"] + arguments, in: work.url)
    }

    private func map50(_ model: String, _ precision: String) throws -> Double {
        let result = try ProgramUnderTest.pleura(
            "evaluate", "--dataset", "set", "--model", model, "--fold", "1", "--precision", precision, "--draws", "0", "--quiet",
            "--json", "-", in: work.url)
        #expect(result.status == 0, "\(result.errors)")
        let report = try EvaluationReport(json: Data(result.output.utf8))
        #expect(report.subject.precision == precision)
        return try #require(report.map50.value)
    }

    @Test func theCopyHasASecondNetworkAndTheCardTellsWhatItLoses() throws {
        let result = try quantize("./convolutions", "--fold", "1", "--calibration-images", "25", "--largest-loss", "0.1")
        #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
        let (source, made) = (try ModelBundle(directory: work.file("convolutions")), try ModelBundle(directory: work.file("out")))
        let quantised = try #require(made.card.quantised)
        #expect(quantised.calibrationImages == 25 && quantised.calibrationSplit == "all folds but 1" && quantised.split == "fold 1")
        #expect(quantised.convolutions + quantised.keptConvolutions == 5 && quantised.images == 20 && quantised.boxes > 10)
        #expect(result.output.contains("mAP50 f32") && result.output.contains("mAP50 int8") && result.output.contains("difference"))
        #expect(result.output.hasSuffix("\t\(made.digest)\n") && made.digest != source.digest)
        // All else is the source's.
        var card = made.card
        card.quantised = nil
        #expect(card == source.card && made.labelMap == source.labelMap)
        #expect(try Data(contentsOf: made.modelFile) == Data(contentsOf: source.modelFile))
        // The figures are those that evaluate measures, of each network.
        #expect(try abs(map50("./out", "f32") - quantised.map50Before) < 1e-9)
        #expect(try abs(map50("./out", "int8") - quantised.map50After) < 1e-9)
        #expect(quantised.map50Before > 0.1 && quantised.map50Before - quantised.map50After <= 0.1)
        // It can be verified, and a changed byte is found.
        #expect(try ProgramUnderTest.pleura("model", "verify", "./out", in: work.url).status == 0)
        let file = try #require(made.int8ModelFile)
        var bytes = try Data(contentsOf: file)
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: file)
        let verified = try ProgramUnderTest.pleura("model", "verify", "./out", in: work.url)
        #expect(verified.status == 1 && verified.errors.contains("model.int8.onnx is not the file the bundle was made with"))
        // What is there is not replaced.
        #expect(try quantize("./convolutions").status == 2)
    }

    @Test func moreLossThanAllowedWritesNothing() throws {
        let result = try quantize("./fragile", "--fold", "1")
        #expect(result.status == 1)
        #expect(result.errors.split(separator: "\n").count == 1 && result.errors.contains("more than 0.0100: nothing is written"))
        #expect(!FileManager.default.fileExists(atPath: work.file("out").path))
        // Both figures are told all the same.
        #expect(result.output.contains("mAP50 f32") && result.output.contains("mAP50 int8"))
        // Allowed, it is written.
        #expect(try quantize("./fragile", "--fold", "1", "--largest-loss", "1").status == 0)
        let card = try #require(ModelBundle(directory: work.file("out")).card.quantised)
        #expect(card.map50Before - card.map50After > 0.01)
    }

    @Test func anEnsembleReadsInIntegersWhereAllItsMembersCan() throws {
        #expect(try quantize("./convolutions", "--largest-loss", "1").status == 0)
        for (name, members) in [("both", ["out", "out"]), ("mixed", ["out", "convolutions"])] {
            let made = try ProgramUnderTest.run(["model", "ensemble"] + members.map { "./" + $0 } + ["--out", name], in: work.url)
            #expect(made.status == 0, "\(made.errors)")
        }
        func detect(_ model: String, _ precision: String) throws -> Shell.Result {
            try ProgramUnderTest.pleura(
                "detect", "set/images/cells_0.png", "--model", model, "--precision", precision, "--json", "-", "--quiet", in: work.url)
        }
        let read = try detect("./both", "int8")
        #expect(read.status == 0 && read.output.contains("\"int8\""), "\(read.errors)")
        #expect(try read.output != detect("./both", "f32").output)
        let refused = try detect("./mixed", "int8")
        #expect(refused.status == 3 && refused.errors.contains("has no INT8 network") && refused.output.isEmpty)
        let ensemble = try ProgramUnderTest.pleura(
            "model", "quantize", "./both", "--dataset", "set", "--out", "other", in: work.url)
        #expect(ensemble.status == 2 && ensemble.errors.contains("quantise its members"))
        let again = try ProgramUnderTest.pleura("model", "quantize", "./out", "--dataset", "set", "--out", "other", in: work.url)
        #expect(again.status == 2 && again.errors.contains("it has an INT8 network already"))
    }

    /// `pleura doctor --bench` measures the integers where a model has them, and `detect` follows a choice of them.
    @Test func theIntegersAreMeasuredAndChosen() throws {
        #expect(try quantize("./convolutions", "--largest-loss", "1").status == 0)
        try FileManager.default.createDirectory(at: work.file("Models"), withIntermediateDirectories: true)
        try FileManager.default.moveItem(at: work.file("out"), to: work.file("Models/integers"))
        let cache = work.file("cache")
        let bench = try ProgramUnderTest.run(["doctor", "--bench", "--json"], in: work.url, cache: cache)
        let report = try #require(JSONSerialization.jsonObject(with: Data(bench.output.utf8)) as? [String: Any])
        let digest = try ModelBundle(directory: work.file("Models/integers")).digest
        var choice = try #require((report["choices"] as? [[String: Any]])?.first { $0["digest"] as? String == digest })
        let measured = try #require(choice["measurements"] as? [[String: Any]])
        #expect(measured.compactMap { $0["precision"] as? String }.contains("int8"))
        let fastest = measured.max { ($0["images_per_second"] as? Double ?? 0) < ($1["images_per_second"] as? Double ?? 0) }
        let exact = measured.first { $0["precision"] as? String == "f32" }
        let gain = (fastest?["images_per_second"] as? Double ?? 0) / (exact?["images_per_second"] as? Double ?? .infinity)
        #expect(choice["precision"] as? String == (gain >= 1.1 ? fastest?["precision"] as? String : "f32"))

        choice["precision"] = "int8"
        let files = try FileManager.default.subpathsOfDirectory(atPath: cache.path).filter { $0.hasPrefix("pleura/choices/") }
        let kept = try #require(
            try files.first { try String(contentsOf: cache.appendingPathComponent($0), encoding: .utf8).contains(digest) })
        try JSONSerialization.data(withJSONObject: choice).write(to: cache.appendingPathComponent(kept))
        func detected(_ more: String...) throws -> String {
            try ProgramUnderTest.run(
                ["detect", "set/images/cells_0.png", "--model", "integers", "--json", "-", "--quiet"] + more, in: work.url, cache: cache
            ).output
        }
        #expect(
            try detected().contains("\"int8\"")
                && detected().replacingOccurrences(of: "\"auto\"", with: "\"int8\"") == detected("--precision", "int8"))
    }

    @Test func whatCannotBeDoneSaysWhyInOneLine() throws {
        func refused(_ status: Int32, _ reason: String, _ result: Shell.Result) {
            #expect(result.status == status && result.errors.contains(reason), "\(result.status): \(result.errors)")
            #expect(result.errors.split(separator: "\n").count == 1 && result.output.isEmpty, "\(result.errors)")
            #expect(!FileManager.default.fileExists(atPath: work.file("out").path))
        }
        refused(1, "the network has no convolution to be quantised", try quantize("./tiny"))
        refused(3, "no such model directory", try quantize("./none"))
        refused(2, "there is no fold 7; it has 0, 1", try quantize("./convolutions", "--fold", "7"))
        refused(
            3, "nowhere",
            try ProgramUnderTest.pleura(
                "model", "quantize", "./convolutions", "--dataset", "nowhere", "--out", "out", "--quiet", in: work.url))
        // A fold without others leaves nothing to measure ranges on.
        let folds = try String(contentsOf: work.file("set/folds.csv"), encoding: .utf8)
        try folds.replacingOccurrences(of: ",1\n", with: ",0\n").write(
            to: work.file("set/folds.csv"), atomically: true, encoding: .utf8)
        refused(1, "it has no images outside fold 0", try quantize("./convolutions", "--fold", "0"))
        try CellDataset(count: 0).write(to: work.file("empty"))
        refused(
            1, "it has no images",
            try ProgramUnderTest.pleura(
                "model", "quantize", "./convolutions", "--dataset", "empty", "--out", "out", "--quiet", in: work.url))
        let plain = try ProgramUnderTest.pleura(
            "detect", "set/images", "--model", "./convolutions", "--precision", "int8", in: work.url)
        refused(3, "has no INT8 network; pleura model quantize makes one", plain)
        try FileManager.default.createDirectory(at: work.file("there"), withIntermediateDirectories: true)
        let there = try ProgramUnderTest.pleura(
            "model", "quantize", "./convolutions", "--dataset", "set", "--out", "there", in: work.url)
        #expect(there.status == 2 && there.errors.contains("it is there already"))
    }
}
