import Detection
import Findings
import Foundation
import Geometry
import Models
import PleuraTesting
import Radiographs
import Testing

/// From a file to its places, ratio and quality, and what films that are hard to read come to: a sentence, never a made-up zone or ratio.
@Suite struct AnatomyDetectionTests {
    private static let limits = QualityLimits.fit(images: (0..<80).map { DrawnChest.varied($0, side: 512).pixels })

    /// - Parameter hasLimits: Without limits of quality films that are far from the usual ones are not refused.
    private func found(
        _ pixels: PixelImage, header: ImageHeader = .init(), mends: Bool = true, hasLimits: Bool = true
    ) throws -> ImageFindings {
        let folder = try TemporaryFolder()
        var card = TinyModel.card(threshold: 0.3)
        if hasLimits { card.quality = Self.limits }
        try TinyModel.write(to: folder.file("tiny"), card: card)
        try TinyAnatomy.write(to: folder.file("anatomy"))
        var detector = try Detector(bundle: ModelBundle(directory: folder.file("tiny")))
        detector.anatomy = try AnatomySegmenter(bundle: ModelBundle(directory: folder.file("anatomy")))
        detector.mends = mends
        var radiograph = Radiograph(pixels: pixels)
        radiograph.header = header
        do {
            return try detector.findings(in: radiograph, from: .generated("drawn"))
        } catch let failure as ImageFailure where failure.code == "outside_use" {
            return ImageFindings(reference: ImageReference(.generated("drawn")), error: failure)
        }
    }

    private static var posteroanterior: ImageHeader {
        var header = ImageHeader()
        header.view = .posteroanterior
        return header
    }

    private func chest(_ change: (inout DrawnChest) -> Void = { _ in }) -> DrawnChest {
        var chest = DrawnChest()
        // Without air beside the body, whose edge has a lung's grey.
        (chest.noise, chest.air) = (0.015, 0)
        change(&chest)
        return chest
    }

    /// A sentence of masks or of quality, whole, for whoever reads.
    private func expectSentences(_ image: ImageFindings) {
        let sentences = (image.anatomy?.notes ?? []).map(\.description) + image.quality.map(\.description)
        #expect(!sentences.isEmpty && sentences.allSatisfy { !$0.contains("{") && $0.contains(" ") })
    }

    private func expectNothingMadeUp(_ image: ImageFindings, _ code: ImageWarning.Code) {
        // Refused, with the reason, is as well.
        let isRefused = image.error != nil && image.quality.contains { $0.level == .refused }
        let isNoted = image.anatomy?.notes.contains { $0.code == code } == true
        #expect(isRefused || isNoted, "\(image.anatomy?.notes.map(\.code.rawValue) ?? []) \(image.quality)")
        #expect(image.anatomy?.ratio == nil)
        expectSentences(image)
    }

    private func expectNoPlace(_ image: ImageFindings) {
        #expect(image.findings.isEmpty == (image.error != nil) && image.findings.allSatisfy { $0.place == nil })
        #expect(image.anatomy?.outlines.isEmpty ?? true)
    }

    @Test func aGoodFilmHasPlacesAndTheRatioThatWasDrawn() throws {
        let image = try found(chest().pixels, header: Self.posteroanterior)
        let ratio = try #require(image.anatomy?.ratio)
        #expect(abs(ratio.value - 0.5) < 0.02, "\(ratio.value)")
        #expect(image.quality.isEmpty && image.findings.allSatisfy { $0.place != nil })
        #expect(Set(image.anatomy?.outlines.map(\.structure) ?? []) == Set(AnatomyBits.names))
    }

    @Test func aRotatedChestIsTold() throws {
        let image = try found(chest { ($0.clavicleEnds, $0.heartShift) = ((0.03, 0.06), 0) }.pixels, header: Self.posteroanterior)
        let told = try #require(image.quality.first { $0.code == .rotated })
        #expect(abs(told.value - 1.0 / 3) < 0.08 && told.limit == AnatomyQuality.literature.mostRotation)
        #expect(image.remarks.contains { $0.code == "rotated" })
        // Wholly turned, there is no ratio either.
        let turned = try found(chest { $0.clavicleEnds = (0.01, 0.09) }.pixels, header: Self.posteroanterior)
        #expect(turned.quality.contains { $0.code == .rotated })
        expectNothingMadeUp(turned, .patientTurned)
    }

    @Test func aShallowInspirationIsTold() throws {
        let image = try found(chest { ($0.lungTop, $0.lungBottom) = (0.25, 0.78) }.pixels, hasLimits: false)
        #expect(image.quality.contains { $0.code == .inspiration }, "\(image.quality)")
    }

    @Test func lungsAtTheEdgeAreTold() throws {
        let whole = chest().pixels
        let image = try found(whole.cropped(to: PixelArea(x: 64, y: 50, width: 384, height: 384)), hasLimits: false)
        #expect(image.quality.contains { $0.code == .cutOff }, "\(image.quality)")
        #expect(image.anatomy?.ratio == nil)
    }

    @Test func oneLungHasNoPlaceAndNoRatio() throws {
        let image = try found(chest { $0.lungGreys.left = 0.6 }.pixels, header: Self.posteroanterior, hasLimits: false)
        expectNothingMadeUp(image, .lungMissing)
        expectNoPlace(image)
    }

    @Test func aWhiteOutHasNoPlaceAndNoRatio() throws {
        let image = try found(chest { $0.lungGreys = (0.55, 0.6) }.pixels, header: Self.posteroanterior, hasLimits: false)
        expectNothingMadeUp(image, .lungAreaUnlikely)
        expectNoPlace(image)
    }

    @Test func aDeviceOverTheHeartHasPlacesButNoRatio() throws {
        let device = Box(x: 0.28, y: 0.60, width: 0.5, height: 0.05)
        let image = try found(chest { $0.devices = [device] }.pixels, header: Self.posteroanterior, hasLimits: false)
        expectNothingMadeUp(image, .heartUncertain)
    }

    @Test func aChildHasPlacesButNoRatio() throws {
        var header = Self.posteroanterior
        header.patientAge = 4
        let image = try found(chest().pixels, header: header)
        expectNothingMadeUp(image, .childNotComparable)
        #expect(image.warnings.contains { $0.code == .ageOutsideUse } || image.anatomy?.isMeasurable == true)
        header.patientAge = 44
        #expect(try found(chest().pixels, header: header).anatomy?.ratio != nil)
    }

    @Test func blackBordersOnAllSidesAreLeftOutAndLinesLieOnTheFilm() throws {
        let film = chest().pixels
        let alone = try #require(try found(film, header: Self.posteroanterior).anatomy?.ratio)
        let side = 768
        var samples = [UInt16](repeating: 0, count: side * side)
        for row in 0..<512 { for column in 0..<512 { samples[(row + 128) * side + column + 128] = film.samples[row * 512 + column] } }
        let image = try found(PixelImage(width: side, height: side, bits: 8, samples: samples), header: Self.posteroanterior)
        #expect(image.quality.contains { $0.code == .borders && $0.isMended })
        let ratio = try #require(image.anatomy?.ratio)
        #expect(abs(ratio.value - alone.value) < 0.03)
        #expect(abs(ratio.heart.left - alone.heart.left - 128) < 6 && abs(ratio.thorax.right - alone.thorax.right - 128) < 6)
        // Unmended the masks say what they can, and nothing is made up.
        let asItIs = try found(
            PixelImage(width: side, height: side, bits: 8, samples: samples), header: Self.posteroanterior, mends: false)
        #expect(asItIs.quality.contains { $0.code == .borders && !$0.isMended })
    }

    @Test(arguments: [1, 2, 3]) func anInvertedAndTurnedFilmHasTheUprightOnesPlaces(_ turns: Int) throws {
        let film = chest().pixels
        let upright = try found(film, header: Self.posteroanterior)
        let wrong = film.turned(quarterTurns: turns).inverted()
        let image = try found(wrong, header: Self.posteroanterior)
        #expect(image.quality.contains { $0.code == .inverted && $0.isMended })
        #expect(image.quality.contains { $0.code == .turned && $0.isMended })
        #expect(image.findings.map(\.place) == upright.findings.map(\.place) && image.findings.contains { $0.place != nil })
        if turns == 2 {
            #expect(abs((image.anatomy?.ratio?.value ?? 0) - (upright.anatomy?.ratio?.value ?? 1)) < 1e-6)
        } else {
            expectNothingMadeUp(image, .imageOnItsSide)
        }
        // As it is, there is a sentence, no place and no ratio.
        let asItIs = try found(wrong, header: Self.posteroanterior, mends: false)
        #expect(asItIs.anatomy?.ratio == nil && asItIs.findings.allSatisfy { $0.place == nil })
        expectSentences(asItIs)
    }

    @Test func twoFilmsOnOneImageAreRefusedOrHaveNoPlace() throws {
        let film = chest().pixels
        var samples: [UInt16] = []
        for row in 0..<512 {
            samples += film.samples[row * 512..<(row + 1) * 512]
            samples += film.samples[row * 512..<(row + 1) * 512]
        }
        let two = PixelImage(width: 1_024, height: 512, bits: 8, samples: samples)
        for hasLimits in [false, true] {
            let image = try found(two, header: Self.posteroanterior, hasLimits: hasLimits)
            #expect(image.anatomy?.ratio == nil)
            expectNoPlace(image)
            expectSentences(image)
        }
    }
}
