import Detection
import Findings
import Foundation
import Geometry
import Inference
import Models
import PleuraTesting
import Radiographs
import Testing

@Suite struct DetectorTests {
    private func detector(
        _ folder: TemporaryFolder, network: String = "tiny", card: ModelCard = TinyModel.card()
    ) throws -> Detector {
        try TinyModel.write(to: folder.file("tiny"), network: network, card: card)
        return try Detector(bundle: ModelBundle(directory: folder.file("tiny")))
    }

    /// Black but for one bright rectangle, in pixels.
    static func radiograph(width: Int, height: Int, bright: Box) -> Radiograph {
        Radiograph(pixels: DrawnPictures.rectangle(bright, width: width, height: height))
    }

    /// A wide image lies in the middle of the input: its cell at column 2, row 1 of the input is known by hand.
    @Test func boxesAreInPixelsOfTheOriginalImage() throws {
        let folder = try TemporaryFolder()
        let detector = try detector(folder)
        // 640 x 320 in 64 x 64: scale 0.1, 16 input rows above it. The cell of input 32...48, 16...32 shows 320...480, 0...160.
        let image = Self.radiograph(width: 640, height: 320, bright: Box(x: 320, y: 0, width: 160, height: 160))
        let result = try detector.findings(in: image, from: .generated("test"))
        #expect(result.width == 640 && result.height == 320 && result.warnings.isEmpty && result.error == nil)
        let finding = try #require(result.findings.first)
        #expect(result.findings.count == 1)
        #expect(finding.id == "1" && finding.findingClass == FindingClass(id: 1, name: "Bright") && finding.score > 0.95)
        // The mean m of the cell loses a little to the filter at its edges; the network adds 8 m columns.
        let box = finding.boundingBox
        #expect(abs(box.x - 320) < 1e-3 && abs(box.y) < 1e-3 && abs(box.height - 160) < 1e-3)
        #expect(abs(box.width - (160 + 80 * finding.score)) < 1e-2)
    }

    /// Of two findings in one place the less sure one stays, as another reading of the surer one.
    @Test func anotherFindingInTheSamePlaceIsAnAlternative() throws {
        let folder = try TemporaryFolder()
        let image = Self.radiograph(width: 640, height: 320, bright: Box(x: 320, y: 0, width: 160, height: 160))
        let findings = try detector(folder).findings(in: image, from: .generated("test"), threshold: 0.001).findings
        let bright = try #require(findings.first)
        let readings = findings.filter { $0.alternativeTo == bright.id }
        for finding in findings.dropFirst() {
            let shares =
                finding.findingClass != bright.findingClass && finding.boundingBox.intersectionOverUnion(bright.boundingBox) > 0.7
            #expect((finding.alternativeTo == bright.id) == shares)
        }
        #expect(readings.count == 1 && readings.first?.findingClass.name == "Dark")
    }

    @Test func boxesEndAtTheImagesEdgeAndNeverOutside() throws {
        let folder = try TemporaryFolder()
        let detector = try detector(folder)
        let image = Self.radiograph(width: 300, height: 500, bright: Box(x: 150, y: 300, width: 150, height: 200))
        let findings = try detector.findings(in: image, from: .generated("test"), threshold: 0.05).findings
        #expect(findings.count > 4)
        for finding in findings {
            let box = finding.boundingBox
            #expect(box.x >= 0 && box.y >= 0 && box.maxX <= 300 && box.maxY <= 500 && !box.isEmpty)
        }
        #expect(findings.map(\.score) == findings.map(\.score).sorted(by: >))
        #expect(findings.map(\.id) == (1...findings.count).map(String.init))
    }

    @Test func theThresholdIsTheCardsUnlessGiven() throws {
        let folder = try TemporaryFolder()
        let detector = try detector(folder, card: TinyModel.card(threshold: 0.45))
        let image = Self.radiograph(width: 64, height: 64, bright: Box(x: 0, y: 0, width: 16, height: 16))
        // 15 dark cells of 0.5 and one bright cell of nearly 1.
        #expect(
            try detector.findings(in: image, from: .generated("test")).findings.map(\.findingClass.name) == ["Bright"]
                + Array(repeating: "Dark", count: 15))
        #expect(try detector.findings(in: image, from: .generated("test"), threshold: 0.6).findings.count == 1)
    }

    @Test func anImageUnlikeTheTrainingImagesCarriesTheWarning() throws {
        let folder = try TemporaryFolder()
        let left = Self.radiograph(width: 128, height: 128, bright: Box(x: 0, y: 0, width: 64, height: 128))
        let right = Self.radiograph(width: 128, height: 128, bright: Box(x: 64, y: 0, width: 64, height: 128))
        let detector = try detector(folder, card: TinyModel.card(gate: InputGate.fit(images: [left.pixels], quantile: 0)))
        #expect(try detector.findings(in: left, from: .generated("test")).warnings.isEmpty)
        #expect(try detector.findings(in: right, from: .generated("test")).warnings == [ImageWarning(.notAChest)])
    }

    /// Header, pixels and the file's frames each say their own; what is found stays as it was.
    @Test func whatTheHeaderSaysIsAWarningAndNothingElse() throws {
        let folder = try TemporaryFolder()
        let detector = try detector(folder)
        let plain = Self.radiograph(width: 128, height: 128, bright: Box(x: 0, y: 0, width: 64, height: 128))
        var claimed = plain
        claimed.header.claims = HeaderClaims(bodyPart: "body part HAND", view: "a left lateral view (LL)")
        (claimed.header.frame, claimed.header.frameCount, claimed.warnings) = (2, 5, [ImageWarning(.colourTurnedGrey)])
        let (first, second) = try (
            detector.findings(in: plain, from: .generated("test")), detector.findings(in: claimed, from: .generated("test"))
        )
        #expect(first.findings == second.findings && first.warnings.isEmpty)
        #expect(
            second.warnings.map(\.description) == [
                "The image is in colour and was turned grey.", "frame 2 of 5; --frame takes another",
                "the header says body part HAND and a left lateral view (LL); the model is for frontal chest radiographs",
            ])
    }

    @Test func anImageTooSmallForAChestIsTold() throws {
        let folder = try TemporaryFolder()
        let image = Self.radiograph(width: 3, height: 3, bright: Box(x: 0, y: 0, width: 1, height: 1))
        #expect(try detector(folder).findings(in: image, from: .generated("test")).warnings == [ImageWarning(.tooFewPixels, "3", "3")])
    }

    @Test func valuesThatAreNotNumbersAreAnError() throws {
        let folder = try TemporaryFolder()
        let detector = try detector(folder, network: "not_numbers")
        let image = Self.radiograph(width: 64, height: 64, bright: Box(x: 0, y: 0, width: 16, height: 16))
        #expect(throws: InferenceError(.wrongOutput, "the network gave a value that is not a number")) {
            try detector.findings(in: image, from: .generated("test"))
        }
    }

    @Test func aLabelMapThatDoesNotFitTheNetworkIsRefused() throws {
        let folder = try TemporaryFolder()
        try ModelBundle.write(
            to: folder.file("three"), onnx: Data(contentsOf: TinyModel.network()), labelMap: TinyModel.labels(["a", "b", "c"]),
            card: TinyModel.card())
        #expect(throws: InferenceError(.wrongNetwork, "it scores 2 findings but the label map names 3")) {
            try Detector(bundle: ModelBundle(directory: folder.file("three")))
        }
    }
}
