import Detection
import Findings
import Foundation
import Geometry
import Models
import PleuraTesting
import Radiographs
import Testing

@Suite struct EnsembleTests {
    private func bundle(
        _ folder: TemporaryFolder, networks: [String], cards: [ModelCard], fusionIoU: Double = 0.55
    ) throws -> ModelBundle {
        var members: [ModelEnsemble.Member] = []
        for (index, (network, card)) in zip(networks, cards).enumerated() {
            let place = folder.file("\(index)")
            try TinyModel.write(to: place, network: network, card: card)
            members.append(.init(path: "../\(index)", bundle: try ModelBundle(directory: place)))
        }
        let place = folder.file("ensemble")
        try ModelBundle.write(
            to: place, ensemble: ModelEnsemble(members: members, fusionIoU: fusionIoU), labelMap: TinyModel.labels(),
            card: ModelCard(ensembleOf: cards, name: "ensemble", threshold: nil))
        return try ModelBundle(directory: place)
    }

    private let image = DetectorTests.radiograph(width: 640, height: 320, bright: Box(x: 320, y: 0, width: 160, height: 160))

    /// Twice the same reader says what one says.
    @Test func twoEqualMembersReadAsOne() throws {
        let folder = try TemporaryFolder()
        let both = try bundle(folder, networks: ["tiny", "tiny"], cards: [TinyModel.card(), TinyModel.card()])
        let one = try Detector(bundle: ModelBundle(directory: folder.file("0")))
        let (expected, found) = (
            try one.findings(in: image, from: .generated("test")), try Detector(bundle: both).findings(in: image, from: .generated("test"))
        )
        #expect(expected.findings.count == 1 && found.findings.count == 1)
        #expect(abs(found.findings[0].score - expected.findings[0].score) < 1e-9)
        #expect(found.findings[0].boundingBox.intersectionOverUnion(expected.findings[0].boundingBox) > 0.9999)
    }

    /// Members may look at the image in different ways: the fused box is the mean of theirs weighted by their scores.
    @Test func membersWithOtherPreprocessingAreFused() throws {
        let folder = try TemporaryFolder()
        var card = TinyModel.card()
        // Half the contrast: the same cell scores half as high, and its box grows by half as much.
        card.preprocessing = Preprocessing(steps: [
            .letterbox(width: 64, height: 64, fill: 0), .normalise(mean: 0, standardDeviation: 2),
        ])
        let both = try bundle(folder, networks: ["tiny", "tiny"], cards: [TinyModel.card(), card])
        let singles = try ["0", "1"].map { name in
            try #require(
                Detector(bundle: ModelBundle(directory: folder.file(name))).findings(in: image, from: .generated("test"), threshold: 0.3)
                    .findings.first {
                        $0.findingClass.name == "Bright"
                    })
        }
        let fused = try #require(
            Detector(bundle: both).findings(in: image, from: .generated("test"), threshold: 0.3).findings.first {
                $0.findingClass.name == "Bright"
            })
        let (a, b) = (singles[0], singles[1])
        #expect(abs(b.score - a.score / 2) < 1e-3)
        #expect(abs(fused.score - (a.score + b.score) / 2) < 1e-9)
        let right = (a.boundingBox.maxX * a.score + b.boundingBox.maxX * b.score) / (a.score + b.score)
        #expect(abs(fused.boundingBox.maxX - right) < 1e-6)
    }

    /// A member's own neighbouring boxes are two findings, however low the limit: fused with each other they would be one of a lower mean.
    @Test func aMembersTwoBoxesAreNotFusedWithEachOther() throws {
        let folder = try TemporaryFolder()
        // Two neighbouring cells; each box reaches into the next, so that they share a sixth of what they cover.
        let pair = DetectorTests.radiograph(width: 640, height: 320, bright: Box(x: 160, y: 0, width: 320, height: 160))
        let both = try bundle(
            folder, networks: ["tiny", "tiny"], cards: [TinyModel.card(), TinyModel.card()], fusionIoU: 0.05)
        func bright(_ bundle: ModelBundle) throws -> [Finding] {
            try Detector(bundle: bundle).findings(in: pair, from: .generated("test")).findings.filter { $0.findingClass.name == "Bright" }
                .sorted { $0.boundingBox.x < $1.boundingBox.x }
        }
        let (expected, fused) = (try bright(ModelBundle(directory: folder.file("0"))), try bright(both))
        try #require(expected.count == 2 && fused.count == 2)
        #expect(expected[0].boundingBox.intersectionOverUnion(expected[1].boundingBox) > 0.1)
        for (one, other) in zip(expected, fused) {
            #expect(abs(one.score - other.score) < 1e-9)
            #expect(one.boundingBox.intersectionOverUnion(other.boundingBox) > 0.9999)
        }
    }

    /// The fixture's image scores are the highest of its boxes' scores.
    @Test func wholeImagesAreScoredWhereTheNetworkDoes() throws {
        let folder = try TemporaryFolder()
        let both = try bundle(folder, networks: ["tiny", "image_scores"], cards: [TinyModel.card(), TinyModel.card()])
        #expect(
            try Detector(bundle: ModelBundle(directory: folder.file("0"))).findings(in: image, from: .generated("test")).imageScores == nil)
        let single = try Detector(bundle: ModelBundle(directory: folder.file("1"))).findings(in: image, from: .generated("test"))
        let scores = try #require(single.imageScores)
        #expect(Set(scores.keys) == ["Bright", "Dark"] && abs((scores["Dark"] ?? 0) - 0.5) < 1e-6)
        #expect(abs((scores["Bright"] ?? 0) - (single.findings.first?.score ?? -1)) < 1e-6)
        // Only one of the members says them: theirs is the mean.
        #expect(try Detector(bundle: both).findings(in: image, from: .generated("test")).imageScores == scores)
    }
}
