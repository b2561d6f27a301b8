import Evaluation
import Findings
import Foundation
import Models
import PleuraTesting
import Testing

/// `pleura model ensemble` and what the other commands make of it.
@Suite(.timeLimit(.minutes(20))) struct EnsembleCommandTests {
    private let work: TemporaryFolder

    init() throws {
        work = try TemporaryFolder()
        try CellDataset().write(to: work.file("set"))
        for (fold, name) in ["first", "second"].enumerated() {
            var card = TinyModel.card()
            card.trainingData = ModelCard.TrainingData(
                description: "cells", licence: "none", digest: "0\(fold)", images: 30, boxes: 9, patients: 10, folds: [fold])
            try TinyModel.write(to: work.file("models/\(name)"), network: "image_scores", card: card)
        }
    }

    @Test func twoEqualModelsTogetherFindWhatOneFinds() throws {
        let made = try ProgramUnderTest.pleura(
            "model", "ensemble", "models/first", "models/second", "--out", "both", "--name", "pair", in: work.url)
        #expect(made.status == 0, "\(made.errors)")
        let bundle = try ModelBundle(directory: work.file("both"))
        #expect(bundle.ensemble?.members.map(\.path) == ["../models/first", "../models/second"] && bundle.card.name == "pair")
        func findings(_ model: String) throws -> [String] {
            let result = try ProgramUnderTest.pleura("detect", "set/images", "--model", model, "--csv", "found.csv", in: work.url)
            #expect(result.status == 0)
            return try String(contentsOf: work.file("found.csv"), encoding: .utf8).split(whereSeparator: \.isNewline).map(String.init)
                .sorted()
        }
        let (one, both) = (try findings("./models/first"), try findings("./both"))
        #expect(one.count > 20 && one == both)
        let json = try ProgramUnderTest.pleura("detect", "set/images/cells_0.png", "--model", "./both", "--json", "-", in: work.url)
        #expect(json.output.contains("\"image_scores\""))
    }

    /// What any member learnt from is not new to the ensemble.
    @Test func aFoldThatAMemberLearntFromIsToldInRed() throws {
        _ = try ProgramUnderTest.pleura("model", "ensemble", "models/first", "models/second", "--out", "both", in: work.url)
        for fold in ["0", "1"] {
            let result = try ProgramUnderTest.pleura(
                "evaluate", "--dataset", "set", "--model", "./both", "--fold", fold, "--quiet", "--draws", "0", in: work.url)
            #expect(result.status == 0 && result.errors.contains("WARNING: the model has learnt from 10 of the tested patients"))
        }
    }

    @Test func whatCannotBeAnEnsembleIsRefused() throws {
        func status(_ arguments: String...) throws -> Int32 {
            try ProgramUnderTest.run(["model", "ensemble"] + arguments, in: work.url).status
        }
        #expect(try status("models/first", "--out", "one") == 2)
        #expect(try status("models/first", "models/none", "--out", "none") == 3)
        #expect(try status("models/first", "models/second", "--out", "both") == 0)
        #expect(try status("both", "models/second", "--out", "three") == 1)
        #expect(!FileManager.default.fileExists(atPath: work.file("three").path))
        // A network is never given up for a list of names.
        #expect(try status("models/first", "models/second", "--out", "models/first") == 2)
        #expect(try ModelBundle(directory: work.file("models/first")).ensemble == nil)
    }
}
