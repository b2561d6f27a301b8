import Datasets
import Evaluation
import EvaluationReports
import Findings
import Foundation
import Improvement
import Models
import Pages
import PleuraTesting
import Testing

@Suite struct AcceptanceTests {
    @Test func aSiteSeesItsOwnFiguresBesideTheCards() async throws {
        let site = try SmallSite(images: 60)
        let bundle = try site.model("a")
        var card = bundle.card
        card.metrics = [
            ModelCard.Metric(name: "ap50 Bright", value: 0.75, low: 0.7, high: 0.8, split: "s", protocol: "p", tool: "t")
        ]
        var settings = EvaluationSettings()
        settings.draws = 100
        let report = try await AcceptanceRun(
            of: try bundle.replacing(card: card), on: site.dataset, by: site.runner, falseBoxesPer100Images: 10, settings: settings
        ).run()
        #expect(report.isRepeatable && report.images == 60 && report.failed == 0 && report.patients == 60)
        let bright = try #require(report.figures.first { $0.name == "ap50 Bright" })
        // Every white cell is found with the highest score there is.
        #expect(bright.here == 1 && bright.card == 0.75 && !bright.isBelowTheCard)
        #expect(report.positives == ["Bright": 45, "Dark": 0])
        #expect(
            report.shortfalls.contains { $0.hasPrefix("60 images") } && report.shortfalls.contains { $0.hasPrefix("0 images with Dark") })
        #expect(report.thresholds.allSatisfy { $0.falseBoxesPer100Images == 10 })
        let page = AcceptancePage.html(report, nonce: "n")
        #expect(page.contains("the same, bit by bit") && page.contains("To be signed") && page.contains("0.750"))
    }

    /// What is given away are counts, and none under five; what one site withholds is unknown in the sum.
    @Test func countsArePooledWithoutSmallCells() throws {
        func evidence(_ right: [Int?], boxes: Int?, images: Int?) -> Evidence {
            let rest = Array(repeating: 0 as Int?, count: Evidence.parts - right.count)
            return Evidence(
                model: "m", sites: 1, images: images,
                findings: ["Mass": .init(right: right + rest, wrong: Array(repeating: 7, count: Evidence.parts), boxes: boxes)],
                gates: ["found": ["better": 1]])
        }
        let pooled = try Evidence.pooled([evidence([5, nil, 0], boxes: 20, images: 100), evidence([6, 8, 0], boxes: 30, images: 50)])
        #expect(pooled.sites == 2 && pooled.images == 150 && pooled.gates == ["found": ["better": 2]])
        #expect(pooled.findings["Mass"]?.boxes == 50 && pooled.findings["Mass"]?.right.prefix(3) == [11, nil, 0])
        #expect(pooled.findings["Mass"]?.wrong == Array(repeating: 14, count: Evidence.parts))
        var other = evidence([0], boxes: 0, images: 0)
        other.model = "another"
        #expect { try Evidence.pooled([evidence([0], boxes: 0, images: 0), other]) } throws: {
            ($0 as? ImprovementError)?.code == .malformed
        }
    }

    @Test func countsOfASmallSiteAreWithheld() throws {
        let site = try SmallSite(images: 8)
        var input = EvaluationInput(
            findingClasses: site.dataset.findingClasses, images: site.dataset.images,
            detections: site.dataset.images.map { image in
                image.boxes.map { Detection(box: $0.box, classIndex: 0, score: 0.91) }
            }, split: "s")
        let few = Evidence(input, model: "m")
        // Six boxes: shown. Their six right ones, too; with four, nothing.
        #expect(few.images == 8 && few.findings["Bright"]?.boxes == 6 && few.findings["Bright"]?.right[18] == 6)
        input.images = Array(input.images.prefix(5))
        input.detections = Array(input.detections.prefix(5))
        let fewer = Evidence(input, model: "m")
        #expect(
            fewer.findings["Bright"]?.boxes == nil && fewer.findings["Bright"]?.right[18] == nil && fewer.findings["Bright"]?.right[3] == 0)
        let text = String(decoding: try fewer.json, as: UTF8.self)
        #expect(!text.contains(".png") && !text.contains("p0"))
    }
}
