import Evaluation
import EvaluationReports
import Findings
import Foundation
import Geometry
import Models
import PleuraTesting
import Radiographs
import Testing

/// `pleura evaluate --model` with the tiny network on drawn cells.
@Suite(.timeLimit(.minutes(20))) struct EvaluateModelTests {
    private let work: TemporaryFolder
    private let dataset = CellDataset()

    init() throws {
        work = try TemporaryFolder()
        try dataset.write(to: work.file("set"))
        var card = TinyModel.card()
        card.trainingData = ModelCard.TrainingData(
            description: "cells", licence: "none", digest: "00", images: 30, boxes: 9, patients: 10, folds: [0])
        try TinyModel.write(to: work.file("tiny"), card: card)
    }

    private func run(_ arguments: String...) throws -> Shell.Result {
        try ProgramUnderTest.run(
            ["evaluate", "--dataset", "set", "--model", "./tiny", "--quiet", "--draws", "40"] + arguments, in: work.url)
    }

    private func report(_ result: Shell.Result) throws -> EvaluationReport { try EvaluationReport(json: Data(result.output.utf8)) }

    @Test func figuresOfAModelAreThoseOfItsPredictions() throws {
        let own = try report(try run("--fold", "1", "--json", "-"))
        #expect(own.subject.kind == "model" && own.subject.name == "tiny" && own.subject.trainingFolds == [0])
        #expect(try own.subject.digest == ModelBundle(directory: work.file("tiny")).digest)
        let detect = try ProgramUnderTest.pleura(
            "detect", "set/images", "--model", "./tiny", "--threshold", "0.001", "--coco", "found.json", "--dataset", "set", in: work.url)
        #expect(detect.status == 0)
        let result = try ProgramUnderTest.run(
            [
                "evaluate", "--dataset", "set", "--predictions", "found.json", "--fold", "1", "--threshold", "0.6", "--draws", "40",
                "--json", "-",
            ],
            in: work.url)
        var other = try report(result)
        #expect((other.map50.value ?? 0) > 0.1)
        (other.subject, other.warnings) = (own.subject, own.warnings)
        // Predictions are rounded to hundredths of a pixel, which these boxes survive; examples name boxes digit by digit.
        other.examples = own.examples
        #expect(
            other.map50 == own.map50 && other.coco == own.coco && other.confusion == own.confusion && other.imageLevel == own.imageLevel)
        #expect(other.operatingPoints == own.operatingPoints && other.controls == own.controls)
    }

    /// Each fold by the model that did not learn from it: here both have the same network, so the pooled figures are those of one model.
    @Test func foldsAreScoredByTheirOwnModelsAndPooled() throws {
        func write(_ fold: Int, learntFrom folds: [Int]) throws {
            var card = TinyModel.card()
            card.trainingData = ModelCard.TrainingData(
                description: "cells", licence: "none", digest: "0\(fold)", images: 30, boxes: 9, patients: 10, folds: folds)
            try TinyModel.write(to: work.file("folds/fold_\(fold)/bundle"), card: card)
        }
        try write(0, learntFrom: [1])
        try write(1, learntFrom: [0])
        let arguments = ["evaluate", "--dataset", "set", "--quiet", "--draws", "40", "--json", "-"]
        let pooled = try report(ProgramUnderTest.run(arguments + ["--cross-validated", "folds"], in: work.url))
        let whole = try report(ProgramUnderTest.run(arguments + ["--model", "./tiny"], in: work.url))
        #expect(
            pooled.subject.kind == "cross-validation" && pooled.split.hasPrefix("folds 0, 1, each by a model that did not learn from it"))
        #expect(pooled.boxes == whole.boxes && pooled.images == whole.images)
        // Boxes of equal scores stand in another order.
        #expect(abs((pooled.map50.value ?? 0) - (whole.map50.value ?? 1)) < 0.01)
        #expect(!pooled.warnings.contains { $0.severity == .danger } && whole.warnings.contains { $0.severity == .danger })
        // What was measured goes into the card of the model that all folds taught.
        let written = try ProgramUnderTest.run(
            arguments + ["--cross-validated", "folds", "--card-of", "./tiny", "--default-threshold", "0.25"], in: work.url)
        #expect(written.status == 0, "\(written.errors)")
        let card = try ModelBundle(directory: work.file("tiny")).card
        #expect(card.scoreThreshold == 0.25 && card.operatingPoints == pooled.operatingPoints)
        let figure = try #require(card.metrics.first { $0.name == "map50" })
        #expect(abs(figure.value - (pooled.map50.value ?? 0)) < 1e-4 && figure.split == pooled.split && figure.low != nil)
        for name in ["ap50 Bright", "ap50 Dark", "t_iou 0.3", "auroc any all", "auroc any PA"] {
            #expect(card.metrics.contains { $0.name == name }, "\(name)")
        }
        // Not into the card of another recipe, nor from some of the folds unless that is wanted.
        var another = TinyModel.card()
        another.architecture = "another"
        try TinyModel.write(to: work.file("other"), card: another)
        let foreign = try ProgramUnderTest.run(arguments + ["--cross-validated", "folds", "--card-of", "./other"], in: work.url)
        #expect(foreign.status == 2 && foreign.errors.contains("of another recipe"))
        try FileManager.default.moveItem(at: work.file("folds/fold_1"), to: work.file("kept"))
        let some = arguments + ["--cross-validated", "folds", "--card-of", "./tiny"]
        let refused = try ProgramUnderTest.run(some, in: work.url)
        #expect(refused.status == 2 && refused.errors.contains("1 of the dataset's folds have no model"))
        #expect(try ProgramUnderTest.run(some + ["--incomplete"], in: work.url).status == 0)
        try FileManager.default.moveItem(at: work.file("kept"), to: work.file("folds/fold_1"))
        try write(1, learntFrom: [0, 1])
        let leak = try ProgramUnderTest.run(arguments + ["--cross-validated", "folds"], in: work.url)
        #expect(leak.status == 1 && leak.errors.contains("it has learnt from patients of fold 1"))
        #expect(try ProgramUnderTest.run(arguments + ["--cross-validated", "set"], in: work.url).status == 3)
    }

    @Test func aFoldThatTheModelLearntFromIsToldInRed() throws {
        let leak = try run("--fold", "0", "--report", "leaky")
        #expect(leak.status == 0)
        #expect(
            leak.errors.contains("WARNING: the model has learnt from 10 of the tested patients (30 images, fold 0 of its training data)"))
        #expect(
            try String(contentsOf: work.file("leaky/index.html"), encoding: .utf8).contains(
                "<p class=\"danger\" role=\"note\">the model has learnt"))
        let whole = try report(try run("--json", "-"))
        #expect(whole.warnings.contains { $0.severity == .danger && $0.text.contains("10 of the tested patients") })
        let clean = try run("--fold", "1", "--json", "-", "--report", "clean")
        #expect(!clean.errors.contains("WARNING"))
        #expect(try report(clean).warnings.allSatisfy { $0.severity == .note })
        #expect(try !String(contentsOf: work.file("clean/index.html"), encoding: .utf8).contains("class=\"danger\""))
        // Figures of what was learnt are no promise for others.
        let before = try ModelBundle(directory: work.file("tiny")).digest
        #expect(try run("--fold", "0", "--write-card").status == 2)
        #expect(try ModelBundle(directory: work.file("tiny")).digest == before)
    }

    /// From images to the card and back: `detect` shows just what the card promises of the images it was measured on.
    @Test func theCardsOperatingPointsHoldWhatTheyPromise() throws {
        try "a word".write(to: work.file("tiny/NOTE.txt"), atomically: true, encoding: .utf8)
        let refused = try ProgramUnderTest.pleura(
            "detect", "set/images", "--model", "./tiny", "--false-positives-per-100", "50", in: work.url)
        #expect(refused.status == 2 && refused.errors.contains("its card has no operating points"))
        let written = try run("--fold", "1", "--write-card", "--false-positives-per-100", "50", "100", "200", "--json", "report.json")
        #expect(written.status == 0, "\(written.errors)")
        let bundle = try ModelBundle(directory: work.file("tiny"))
        let points = try #require(bundle.card.operatingPoints), calibrations = try #require(bundle.card.calibrations)
        let report = try EvaluationReport(json: Data(contentsOf: work.file("report.json")))
        #expect(points == report.operatingPoints && calibrations == report.calibrations)
        #expect(Set(points.map(\.falseBoxesPer100Images)) == [50, 100, 200] && points.allSatisfy { $0.split.hasPrefix("fold 1: ") })
        #expect(calibrations.contains { $0.subject == .box && $0.finding == "Bright" })
        #expect(try String(contentsOf: work.file("tiny/NOTE.txt"), encoding: .utf8) == "a word")

        let images = dataset.cells.indices.filter { CellDataset.fold($0) == 1 }
        let paths = images.map { "set/images/\(CellDataset.name($0)).png" }
        let detect = try ProgramUnderTest.run(
            ["detect"] + paths + ["--model", "./tiny", "--false-positives-per-100", "100", "--json", "-", "--quiet"], in: work.url)
        #expect(detect.status == 0)
        let found = try JSONDecoder().decode(Found.self, from: Data(detect.output.utf8))
        for (category, name) in CellDataset.names.enumerated() {
            let point = try #require(points.point(for: name, falseBoxesPer100Images: 100))
            // Of a finding with too little to fit there is no curve, and then no probability.
            let curve = calibrations.curve(for: name, .box)
            var (falseBoxes, hit, boxes) = (0, 0, 0)
            for (image, entry) in zip(images, found.images) {
                let truth = dataset.boxes[image].filter { $0.category == category + 1 }.map(\.box)
                let said = entry.findings.filter { $0.label == name }
                boxes += truth.count
                falseBoxes += said.count { finding in !truth.contains { $0.intersectionOverUnion(finding.place) >= 0.5 } }
                hit += truth.count { box in said.contains { box.intersectionOverUnion($0.place) >= 0.5 } }
                for finding in said {
                    #expect(finding.score >= (point.threshold * 10_000).rounded() / 10_000)
                    #expect((finding.probability == nil) == (curve == nil))
                    if let curve, let probability = finding.probability {
                        #expect(abs(probability - curve.probability(of: finding.score)) < 0.001)
                    }
                }
                #expect(entry.findings.map(\.id) == entry.findings.indices.map { "\($0 + 1)" })
            }
            let rate = Double(falseBoxes) / Double(images.count) * 100
            #expect(abs(rate - point.measuredFalseBoxesPer100Images) < 1e-9 && rate <= 100)
            #expect(abs(Double(hit) / Double(boxes) - point.sensitivity) < 1e-12 && point.boxes == boxes)
        }
        let between = try ProgramUnderTest.run(["detect", paths[0], "--model", "./tiny", "--false-positives-per-100", "130"], in: work.url)
        #expect(
            between.status == 0
                && between.errors.contains("no operating point is stored for 130 false boxes on 100 images; those below it are used: 100"))
        let few = try ProgramUnderTest.run(["detect", paths[0], "--model", "./tiny", "--false-positives-per-100", "3"], in: work.url)
        #expect(few.status == 2 && few.errors.contains("the fewest are 50"))
        let both = ["detect", paths[0], "--model", "./tiny", "--false-positives-per-100", "50", "--threshold", "0.5"]
        #expect(try ProgramUnderTest.run(both, in: work.url).status == 2)
    }

    private struct Found: Decodable {
        struct Image: Decodable { var findings: [Finding] }
        struct Finding: Decodable {
            var id: String
            var label: String
            var score: Double
            var probability: Double?
            var box: [Double]
            var place: Box { Box(x: box[0], y: box[1], width: box[2], height: box[3]) }
        }
        var images: [Image]
    }

    @Test func imagesThatCannotBeScoredAreNamedAndLeftOut() throws {
        try Data("no picture".utf8).write(to: work.file("set/images/\(CellDataset.name(3)).png"))
        try DrawnPictures.cell(column: 0, row: 0).jpegThumbnail(maximumSide: 32, quality: 90)
            .write(to: work.file("set/images/\(CellDataset.name(4)).png"))
        let result = try run("--fold", "1", "--json", "-")
        #expect(result.status == 1)
        #expect(result.errors.contains("\(CellDataset.name(3)).png: ") && result.errors.contains("the annotations say 64 x 64"))
        #expect(try report(result).warnings.contains { $0.text == "2 of 30 images could not be read and are in no figure" })
        #expect(try report(result).searchedImages.images == 28)
    }

    /// Nothing is fetched, and every number stands with its images and its protocol.
    @Test func thePageIsSelfContained() throws {
        let result = try run("--fold", "1", "--report", "out")
        #expect(result.status == 0 && result.output.contains("mAP50 (COCO)"))
        let page = try String(contentsOf: work.file("out/index.html"), encoding: .utf8)
        // SVG's name is no address.
        let rest = page.replacingOccurrences(of: "http://www.w3.org/2000/svg", with: "")
        #expect(!rest.contains("http://") && !rest.contains("https://") && !rest.contains("url(") && !rest.contains("<script"))
        #expect(page.contains("default-src 'none'") && page.contains("research use only"))
        let report = try EvaluationReport(json: Data(contentsOf: work.file("out/evaluation.json")))
        #expect(page.contains(report.split))
        #expect(page.components(separatedBy: "<figure class=\"chart\"><svg").count - 1 == 7)
        #expect(page.components(separatedBy: "src=\"data:image/jpeg;base64,").count - 1 == report.examples.count)
        #expect(report.examples.contains { $0.kind == .missed } && report.examples.contains { $0.kind == .falseBox })
    }

    @Test func aSecondReaderStandsBesideTheModel() throws {
        var result = try run("--fold", "1", "--second-reader", "set", "--json", "-")
        let reader = try #require(try report(result).controls.last)
        // The same boxes drawn twice agree wholly.
        #expect(reader.name == "second reader (set)" && reader.map50.value == 1 && reader.map.value == 1)
        result = try run("--second-reader", "nowhere")
        #expect(result.status == 3)
    }
}
