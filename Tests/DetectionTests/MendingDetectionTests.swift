import Detection
import Findings
import Foundation
import Geometry
import Models
import Phantoms
import PleuraTesting
import Radiographs
import Testing

/// A detector mends what its card's limits say is wrong, and its boxes are in pixels of the image as it came.
@Suite struct MendingDetectionTests {
    private static let generator = PhantomGenerator(seed: 9, side: 512)
    private static let limits = QualityLimits.fit(images: (0..<80).map { generator.phantom($0).pixels })

    private func detector(_ folder: TemporaryFolder) throws -> Detector {
        var card = TinyModel.card(threshold: 0.05)
        card.quality = Self.limits
        try TinyModel.write(to: folder.file("tiny"), card: card)
        return try Detector(bundle: ModelBundle(directory: folder.file("tiny")))
    }

    /// The tiny network's boxes are cells of its input: of a turned film they are the upright film's, turned.
    @Test(arguments: 0..<4) func boxesOfATurnedAndInvertedFilmAreThoseOfTheUprightOneTurned(_ turns: Int) throws {
        let folder = try TemporaryFolder()
        let detector = try detector(folder)
        let film = Self.generator.phantom(100).pixels
        let upright = try detector.findings(in: Radiograph(pixels: film), from: .generated("upright"))
        #expect(upright.quality.allSatisfy { !$0.isMended } && !upright.findings.isEmpty)
        let wrong = film.turned(quarterTurns: turns).inverted()
        let found = try detector.findings(in: Radiograph(pixels: wrong), from: .generated("wrong"))
        #expect(found.quality.contains { $0.code == .inverted && $0.isMended })
        #expect(found.quality.contains { $0.code == .turned && $0.isMended } == (turns > 0))
        #expect(found.width == wrong.width && found.height == wrong.height)
        #expect(found.findings.map(\.score) == upright.findings.map(\.score))
        for (one, other) in zip(found.findings, upright.findings) {
            let expected = MendedFrame.turned(other.boundingBox, width: film.width, height: film.height, quarterTurns: turns)
            let box = one.boundingBox
            #expect(abs(box.x - expected.x) < 1e-6 && abs(box.y - expected.y) < 1e-6)
            #expect(abs(box.width - expected.width) < 1e-6 && abs(box.height - expected.height) < 1e-6)
        }
    }

    @Test func asItIsNothingIsMendedAndItIsTold() throws {
        let folder = try TemporaryFolder()
        var detector = try detector(folder)
        detector.mends = false
        let film = Radiograph(pixels: Self.generator.phantom(101).pixels.inverted())
        let found = try detector.findings(in: film, from: .generated("inverted"))
        #expect(found.quality.contains { $0.code == .inverted && !$0.isMended })
        #expect(found.remarks.contains { $0.code == "inverted" })
    }

    @Test func aBlankFilmIsRefusedWithItsRecord() throws {
        let folder = try TemporaryFolder()
        let blank = Radiograph(pixels: DrawnPictures.flat(width: 300, height: 300, grey: 255))
        let failure = #expect(throws: ImageFailure.self) { try detector(folder).findings(in: blank, from: .generated("blank")) }
        #expect(failure?.code == "outside_use" && failure?.quality.map(\.code) == [.blank])
        #expect(failure?.description.hasPrefix("outside use: the image is blank") == true)
        let image = ImageFindings(reference: ImageReference(.generated("blank")), error: failure)
        #expect(image.quality.first?.level == .refused)
    }

    @Test func aCardWithoutLimitsSaysNothing() throws {
        let folder = try TemporaryFolder()
        try TinyModel.write(to: folder.file("old"), card: TinyModel.card())
        let detector = try Detector(bundle: ModelBundle(directory: folder.file("old")))
        let found = try detector.findings(
            in: Radiograph(pixels: Self.generator.phantom(102).pixels.inverted()), from: .generated("inverted"))
        #expect(found.quality.isEmpty)
    }
}
