import Detection
import Explanations
import Findings
import Foundation
import Geometry
import Models
import Phantoms
import PleuraTesting
import Radiographs
import Testing

/// The networks see a mended image. What is told of it lies in the image as it came.
@Suite struct MendedExplanationTests {
    private static let generator = PhantomGenerator(seed: 9, side: 512)
    private static let limits = QualityLimits.fit(images: (0..<80).map { generator.phantom($0).pixels })

    private func detector(_ folder: TemporaryFolder) throws -> Detector {
        var card = TinyModel.card(threshold: 0.05)
        card.quality = Self.limits
        try TinyModel.write(to: folder.file("features"), network: "features", card: card)
        return try Detector(bundle: ModelBundle(directory: folder.file("features")))
    }

    private func prepared(_ detector: Detector, _ film: PixelImage) throws -> (PreparedRadiograph, [Finding]) {
        let prepared = try detector.prepare(Radiograph(pixels: film), from: .generated("film"))
        return (prepared, Array(try detector.findings(prepared).findings.prefix(3)))
    }

    private func expectEqual(_ one: Box?, _ other: Box?) {
        guard let one, let other else { return #expect(one == nil && other == nil) }
        #expect(abs(one.x - other.x) < 1e-6 && abs(one.y - other.y) < 1e-6)
        #expect(abs(one.width - other.width) < 1e-6 && abs(one.height - other.height) < 1e-6)
    }

    @Test(arguments: 0..<4) func theExplanationOfATurnedAndInvertedFilmIsTheUprightOnesTurned(_ turns: Int) throws {
        let folder = try TemporaryFolder()
        let detector = try detector(folder)
        let explainer = Explainer(detector, trust: .all)
        let film = Self.generator.phantom(100).pixels
        let (upright, findings) = try prepared(detector, film)
        let expected = try explainer.explain(findings, in: upright)
        let (wrong, found) = try prepared(detector, film.turned(quarterTurns: turns).inverted())
        #expect(wrong.frame != nil && found.map(\.score) == findings.map(\.score) && !found.isEmpty)
        let why = try explainer.explain(found, in: wrong)
        #expect(why.plane.originX == 0 && why.plane.originY == 0)
        func turned(_ box: Box) -> Box { MendedFrame.turned(box, width: film.width, height: film.height, quarterTurns: turns) }
        for (one, other) in zip(why.findings, expected.findings) {
            expectEqual(one.box, turned(other.box))
            #expect(abs(one.explainedScore - other.explainedScore) < 1e-6)
            #expect(abs(one.scoreWithoutBox - other.scoreWithoutBox) < 1e-6 && one.boxSentence == other.boxSentence)
            for (member, same) in zip(one.members, other.members) { expectEqual(member.box, same.box.map(turned)) }
            #expect(one.maps.map(\.sentence) == other.maps.map(\.sentence))
            for (map, same) in zip(one.maps, other.maps) {
                let (own, upright) = (try #require(map.map), try #require(same.map).turned(quarterTurns: turns))
                #expect(own.width == upright.width && own.height == upright.height)
                #expect(zip(own.values, upright.values).allSatisfy { abs($0 - $1) < 1e-5 })
            }
        }
        // So do the features that similar cases are looked up by.
        let features = try BoxFeatures(detector.bundle)
        let vectors = zip(
            try features.vectors(of: findings.map(\.boundingBox), in: upright),
            try features.vectors(of: found.map(\.boundingBox), in: wrong))
        for (one, other) in vectors { #expect(zip(one, other).allSatisfy { abs($0 - $1) < 1e-4 }) }
    }

    @Test func theMapOfAFilmInABorderLiesOnTheFilm() throws {
        let folder = try TemporaryFolder()
        let detector = try detector(folder)
        let explainer = Explainer(detector, trust: .all)
        let film = Self.generator.phantom(103).pixels
        let (alone, findings) = try prepared(detector, film)
        let expected = try explainer.explain(findings, in: alone)
        // The upright film lies in black, farther from the left than from the top.
        let (left, top, width, height) = (96, 40, 704, 640)
        var samples = [UInt16](repeating: 0, count: width * height)
        for row in 0..<film.height {
            for column in 0..<film.width { samples[(top + row) * width + left + column] = film.samples[row * film.width + column] }
        }
        let bordered = PixelImage(width: width, height: height, bits: film.bits, samples: samples)
        let (wrong, found) = try prepared(detector, bordered)
        #expect(wrong.frame.map { $0.x == left && $0.y == top } == true)
        let why = try explainer.explain(found, in: wrong)
        #expect(why.plane.originX == Double(left) && why.plane.originY == Double(top))
        for (one, other) in zip(why.findings, expected.findings) {
            expectEqual(one.box, Box(x: other.box.x + 96, y: other.box.y + 40, width: other.box.width, height: other.box.height))
            #expect(abs(one.scoreWithoutBox - other.scoreWithoutBox) < 1e-6)
            for (map, same) in zip(one.maps, other.maps) { #expect(map.map == same.map) }
        }
        // Programs are told where the map begins.
        let entry = ExplanationJSON.entry(why.findings[0], plane: why.plane)
        #expect(entry.maps.allSatisfy { $0.origin == [96, 40] })
        // A picture of the map has no colour beside the film.
        let map = ExplanationMap(
            kind: .occlusion, width: why.plane.width, height: why.plane.height, values: [Float](repeating: 1, count: why.plane.count))
        let picture = ExplanationPicture(
            map, in: why.plane, box: Box(x: 300, y: 300, width: 1, height: 1), findingClass: FindingClass(id: 1, name: "Bright"), words: [])
        let decoders = DecoderRegistry(decoders: [PNGDecoder()], limits: DecodingLimits(keepsColour: true))
        let colour = try #require(try decoders.decode(picture.png(over: bordered, side: width)).colour)
        func isColoured(_ x: Int, _ y: Int) -> Bool { colour.planes[0].samples[y * width + x] != colour.planes[2].samples[y * width + x] }
        #expect(isColoured(100, 200) && isColoured(600, 545) && isColoured(300, 44))
        #expect(!isColoured(80, 200) && !isColoured(625, 545) && !isColoured(300, 30) && !isColoured(300, 570))
    }

    @Test func aTurnedMapIsTheTurnedPicture() {
        let map = ExplanationMap(kind: .occlusion, width: 3, height: 2, values: [1, 2, 3, 4, 5, 6])
        let image = PixelImage(width: 3, height: 2, bits: 8, samples: [1, 2, 3, 4, 5, 6])
        for turns in -1..<5 {
            let (own, picture) = (map.turned(quarterTurns: turns), image.turned(quarterTurns: turns))
            #expect(own.width == picture.width && own.values.map { UInt16($0) } == picture.samples)
        }
    }
}
