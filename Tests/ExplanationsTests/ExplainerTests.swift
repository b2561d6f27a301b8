import Detection
import Explanations
import Findings
import Foundation
import Geometry
import Inference
import ModelGraph
import Models
import PleuraTesting
import Radiographs
import Testing

/// A real detector from end to end: the network of a kilobyte, whose every score is the mean of a cell.
@Suite struct ExplainerTests {
    private func detector(_ folder: TemporaryFolder, verdicts: [ModelCard.ExplanationVerdict]? = nil) throws -> Detector {
        var card = TinyModel.card()
        card.explanations = verdicts
        try TinyModel.write(to: folder.file("tiny"), card: card)
        return try Detector(bundle: ModelBundle(directory: folder.file("tiny")))
    }

    private func explained(_ detector: Detector, _ trust: Explainer.Trust) throws -> ImageExplanation {
        let radiograph = Radiograph(pixels: DrawnPictures.cell(column: 2, row: 1))
        let prepared = try detector.prepare(radiograph, from: .generated("test"))
        let found = try detector.findings(prepared)
        return try Explainer(detector, trust: trust).explain(found.findings, in: prepared)
    }

    private func verdict(_ map: String, isShown: Bool) -> ModelCard.ExplanationVerdict {
        ModelCard.ExplanationVerdict(
            finding: "Bright", map: map, isShown: isShown, reason: isShown ? nil : "it failed", detections: 20, split: "test")
    }

    @Test func theMapOfABrightCellLiesOnTheCell() throws {
        let folder = try TemporaryFolder()
        let why = try explained(try detector(folder), .all)
        let finding = try #require(why.findings.first)
        #expect(why.findings.count == 1 && finding.label == "Bright" && finding.members.map(\.name) == ["tiny"])
        #expect(abs(finding.members[0].score - 1) < 1e-5)
        let map = try #require(finding.maps.first { $0.kind == .occlusion }?.map)
        let hottest = Int(map.order[0])
        #expect((32..<48).contains(hottest % 64) && (16..<32).contains(hottest / 64))
        #expect(finding.scoreWithoutBox < 0.9 * finding.explainedScore)
        #expect(finding.boxSentence.hasPrefix("hiding the box lowers the score from 1.00 to ."))
    }

    @Test func aMapThatWasNotTestedOrFailedIsHiddenAndSaysWhy() throws {
        let folder = try TemporaryFolder()
        let untested = try explained(try detector(folder), .tested).findings[0]
        #expect(untested.maps.allSatisfy { $0.map == nil && $0.hiddenBecause?.contains("not tested") == true })
        // The control and who sees it are always told.
        #expect(!untested.boxSentence.isEmpty && untested.members.count == 1)
        let other = try TemporaryFolder()
        let failed = try explained(
            try detector(other, verdicts: [verdict("occlusion", isShown: false), verdict("score_map", isShown: true)]), .untestedToo
        ).findings[0]
        #expect(failed.maps.first { $0.kind == .occlusion }?.hiddenBecause == "it failed")
        #expect(failed.maps.first { $0.kind == .occlusion }?.map == nil)
    }

    @Test func theJSONHasSmallMapsInPixelsOfTheImage() throws {
        let folder = try TemporaryFolder()
        let why = try explained(try detector(folder), .all)
        let bytes = try ExplanationJSON.document(why, image: "cell.png", width: 64, height: 64)
        let document = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
        #expect(document["schema"] as? Int == 1 && (document["notice"] as? String)?.hasPrefix("research use only") == true)
        let finding = try #require((document["findings"] as? [[String: Any]])?.first)
        let maps = try #require(finding["maps"] as? [[String: Any]])
        #expect(maps.map { $0["kind"] as? String } == ["score_map", "occlusion"])
        let (columns, size) = (maps[1]["columns"] as? Int ?? 0, maps[1]["cell_size"] as? Double ?? 0)
        #expect(columns <= 40 && abs(Double(columns) * size - 64) < size)
        #expect((maps[1]["values"] as? [[Double]])?.count == maps[1]["rows"] as? Int)
    }

    @Test func thePictureIsColouredWhereTheMapIsHotAndNowhereElse() throws {
        var values = [Float](repeating: 0, count: 64 * 64)
        for y in 16..<32 { for x in 32..<48 { values[y * 64 + x] = 0.9 } }
        let map = ExplanationMap(kind: .occlusion, width: 64, height: 64, values: values)
        let plane = try ImagePlane(
            imageWidth: 64, imageHeight: 64, input: DrawnInput.input(width: 64, height: 64, side: 64) { _, _ in 0 })
        let picture = ExplanationPicture(
            map, in: plane, box: Box(x: 32, y: 16, width: 16, height: 16), findingClass: FindingClass(id: 1, name: "Bright"),
            words: ["a", "b"])
        let png = try picture.png(over: DrawnPictures.flat(width: 64, height: 64, grey: 128), side: 512)
        #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47]))
        let decoders = DecoderRegistry(decoders: [PNGDecoder()], limits: DecodingLimits(keepsColour: true))
        let colour = try #require(try decoders.decode(png).colour)
        func sample(_ x: Int, _ y: Int) -> [UInt16] { colour.planes.map { $0.samples[y * $0.width + x] } }
        let hot = sample(320, 192)
        #expect(hot[0] > hot[1] && hot[1] > hot[2])
        // Where the map says nothing the image is as it was.
        #expect(sample(100, 400) == [128, 128, 128] && sample(20, 20) == [128, 128, 128])
    }

    /// The head's weights mixed up: the network sees no more what it saw.
    @Test func shufflingWeightsChangesTheNetworkAndNothingElse() throws {
        let bytes = try Data(contentsOf: TinyModel.network("convolutions"))
        var model = try ONNXModel(bytes: bytes)
        #expect(model.shuffleWeights(topShare: 1, seed: 1) > 0)
        var again = try ONNXModel(bytes: bytes)
        again.shuffleWeights(topShare: 1, seed: 1)
        #expect(try model.bytes() == again.bytes())
        var none = try ONNXModel(bytes: bytes)
        #expect(none.shuffleWeights(topShare: 0, seed: 1) == 0)
        #expect(model.outputNames == none.outputNames && model.operatorCounts == none.operatorCounts)
        let folder = try TemporaryFolder()
        try TinyModel.write(to: folder.file("tiny"), network: "convolutions")
        let bundle = try ModelBundle(directory: folder.file("tiny"))
        let random = try RandomisedDetector.detector(bundle, share: 1, settings: EngineSettings())
        let prepared = try random.prepare(Radiograph(pixels: DrawnPictures.cell(column: 2, row: 1)), from: .generated("test"))
        let own = try Detector(bundle: bundle).outputs(prepared)[0]
        #expect(try random.outputs(prepared)[0].scores != own.scores)
        #expect(bundle.digest == (try ModelBundle(directory: folder.file("tiny"))).digest)
    }

    /// A card that has verdicts comes back with them.
    @Test func verdictsComeBackFromTheCard() throws {
        var card = TinyModel.card()
        var verdict = verdict("occlusion", isShown: false)
        (verdict.insertionMinusDeletion, verdict.control, verdict.pValue) = (0.5, 0.6, 0.01)
        card.explanations = [verdict]
        let back = try ModelCard(json: card.json())
        #expect(back.explanations == [verdict])
        #expect(String(decoding: try card.json(), as: UTF8.self).contains("\"insertion_minus_deletion\" : 0.5"))
    }
}
