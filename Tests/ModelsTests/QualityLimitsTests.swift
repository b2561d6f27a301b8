import Basics
import Findings
import Foundation
import Geometry
import Models
import Phantoms
import PleuraTesting
import Radiographs
import Testing

/// Each kind of quality on drawn chests, whose faults are known.
@Suite struct QualityLimitsTests {
    /// Learnt once from 160 drawn chests.
    private static let limits = QualityLimits.fit(images: chests(0..<160))
    /// Others, from another seed.
    private static let others = chests(0..<60, seed: 77)

    private static func chests(_ range: Range<Int>, seed: UInt64 = 5) -> [PixelImage] {
        let generator = PhantomGenerator(seed: seed, side: 512)
        return Concurrent.map(range.count, stretch: 1) {
            ReducedImage(generator.phantom(range.lowerBound + $0).pixels, covering: 200).pixels
        }
    }

    private func record(_ image: PixelImage, mends: Bool = true) throws -> ExaminedRadiograph {
        try #require(Self.limits).examined(ReducedRadiograph(Radiograph(pixels: image)), mends: mends)
    }

    private func share(_ code: ImageQuality.Code, isMended: Bool? = nil, _ change: (PixelImage) -> PixelImage) throws -> Double {
        let told = try Self.others.count { image in
            try record(change(image)).quality.contains { $0.code == code && (isMended == nil || $0.isMended == isMended) }
        }
        return Double(told) / Double(Self.others.count)
    }

    @Test func ordinaryChestsAreRarelyToldOf() throws {
        for code in ImageQuality.Code.allCases { #expect(try share(code) { $0 } <= 0.07, "\(code)") }
        #expect(try !Self.others.contains { try record($0).refusal != nil })
    }

    @Test func anInvertedFilmIsToldAndPutRight() throws {
        #expect(try share(.inverted, isMended: true) { $0.inverted() } >= 0.95)
        #expect(try share(.inverted) { $0.inverted() } >= 0.99)
        let film = Self.others[3]
        let examined = try record(film.inverted())
        #expect(examined.picture.image.pixels == film && examined.frame != nil)
        #expect(try record(film.inverted(), mends: false).frame == nil)
    }

    @Test(arguments: 1...3) func aTurnedFilmIsToldAndPutUpright(_ turns: Int) throws {
        #expect(try share(.turned) { $0.turned(quarterTurns: turns) } >= 0.99)
        let film = Self.others[2]
        let examined = try record(film.turned(quarterTurns: turns))
        #expect(examined.picture.image.pixels == film)
        #expect(examined.quality.first { $0.code == .turned }?.details == [String(90 * turns)])
    }

    @Test func aFilmThatIsInvertedAndTurnedIsBoth() throws {
        let film = Self.others[5]
        let examined = try record(film.inverted().turned(quarterTurns: 1))
        #expect(Set(examined.quality.map(\.code)).isSuperset(of: [.inverted, .turned]))
        #expect(examined.picture.image.pixels == film)
    }

    @Test func aBorderOnAllSidesIsLeftOut() throws {
        let degradation = ImageDegradation(.borders, strength: 2)
        #expect(try share(.borders, isMended: true) { (try? degradation.applied(to: $0, seed: 1).image) ?? $0 } >= 0.99)
    }

    @Test func bitsAndWindowAreMendedAndTold() throws {
        let film = Self.others[0].spread(from: Self.others[0].bits, to: 12)
        let stored = PixelImage(width: film.width, height: film.height, bits: 16, samples: film.samples)
        let deep = try record(stored)
        #expect(deep.quality.contains { $0.code == .bitDepth && $0.value == 12 && $0.limit == 16 && $0.isMended })
        #expect(deep.picture.image.pixels.samples.max() ?? 0 > 60_000)
        let narrow = PixelImage(
            width: film.width, height: film.height, bits: 8, samples: film.samples.map { UInt16(100 + Int($0) * 20 / 4_095) })
        let stretched = try record(narrow)
        #expect(stretched.quality.contains { $0.code == .narrowWindow && $0.isMended })
        #expect(stretched.picture.image.pixels.samples.max() == 255)
    }

    @Test func twoFilmsOnOneImageAreRefused() throws {
        for index in 0..<20 {
            let (one, other) = (Self.others[index], Self.others[index + 20])
            guard one.height == other.height else { continue }
            var samples: [UInt16] = []
            for row in 0..<one.height {
                samples += one.samples[row * one.width..<(row + 1) * one.width]
                samples += other.samples[row * other.width..<(row + 1) * other.width]
            }
            let both = PixelImage(width: one.width + other.width, height: one.height, bits: one.bits, samples: samples)
            let examined = try record(both)
            #expect(examined.refusal?.code == .doubled, "\(examined.quality)")
        }
    }

    @Test(arguments: [0, 200, 4_095] as [UInt16]) func aBlankImageIsRefused(_ grey: UInt16) throws {
        #expect(try record(DrawnPictures.flat(width: 200, height: 200, bits: 12, grey: grey)).refusal?.code == .blank)
        // Letters on nothing are nothing.
        var image = DrawnPictures.flat(width: 200, height: 200, bits: 12, grey: grey)
        for place in 0..<150 { image.samples[place] = 4_095 - grey }
        #expect(try record(image).refusal?.code == .blank)
    }

    @Test func aWhiteLungIsTold() throws {
        // The left half white from the midline on: an effusion that fills the side, or a lung that is gone.
        let told = try Self.others.count { film in
            var film = film
            for row in film.height / 5..<film.height * 9 / 10 {
                for column in film.width / 2..<film.width * 19 / 20 {
                    film.samples[row * film.width + column] = UInt16(film.maximum * 9 / 10)
                }
            }
            return try !record(film).quality.isEmpty
        }
        #expect(Double(told) / Double(Self.others.count) >= 0.95)
    }

    @Test(arguments: [PhantomKind.bone, .ultrasound, .mr]) func whatIsNoChestIsTold(_ kind: PhantomKind) throws {
        let generator = PhantomGenerator(seed: 3, side: 512, kind: kind)
        let told = try (0..<30).count {
            try record(generator.phantom($0).pixels).quality.contains { $0.code == .notAChest || !$0.isMended }
        }
        #expect(told >= 27)
    }

    @Test func noiseIsNoChest() throws {
        var random = SeededGenerator(seed: 4)
        let noise = DrawnPictures.noise(width: 200, height: 200, bits: 8, using: &random)
        #expect(try record(noise).quality.contains { $0.code == .notAChest || $0.code == .noisy })
    }

    /// Cards are read back as they were, and limits are the same for the same images.
    @Test func limitsAreReadBackAsTheyWere() throws {
        let limits = try #require(Self.limits)
        let bytes = try JSONEncoder().encode(limits)
        #expect(try JSONDecoder().decode(QualityLimits.self, from: bytes) == limits)
        #expect(bytes.count < 40_000)
        #expect(QualityLimits.fit(images: Self.chests(0..<160)) == limits)
        #expect(QualityLimits.fit(images: Array(Self.others.prefix(20))) == nil)
        var card = ModelFixtures.card()
        card.quality = limits
        #expect(try ModelCard(json: card.json()) == card)
        let text = String(decoding: bytes, as: UTF8.self).replacingOccurrences(of: "\"mean_ranks\":[\"", with: "\"mean_ranks\":[\"x ")
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(QualityLimits.self, from: Data(text.utf8)) }
    }

    /// A rising curve of grey changes ranks little: another maker's curve makes no film a turned one.
    @Test func anotherCurveOfGreyIsNoTurnedFilm() throws {
        for strength in 1...2 {
            let curve = ImageDegradation(.curve, strength: strength)
            #expect(try share(.turned) { (try? curve.applied(to: $0, seed: 1).image) ?? $0 } <= 0.05)
            #expect(try share(.inverted) { (try? curve.applied(to: $0, seed: 1).image) ?? $0 } <= 0.05)
        }
    }

    /// On real films: false alarms of the released limits, which these films had no part in, and inversion and turning told.
    @Test(.enabled(if: Repository.realData != nil, "the real radiographs are not on this machine"))
    func onRealFilmsInversionAndTurningAreToldAndFalseAlarmsAreRare() throws {
        let data = try #require(Repository.realData)
        func images(_ folder: String) throws -> [PixelImage] {
            let place = data.appendingPathComponent("\(folder)/images")
            let names = try FileManager.default.contentsOfDirectory(atPath: place.path).sorted()
            let decoders = DecoderRegistry(decoders: [JPEGDecoder()])
            return Concurrent.map(names.count, stretch: 8) { index in
                let bytes = try? Data(contentsOf: place.appendingPathComponent(names[index]))
                return bytes.flatMap { try? decoders.decode($0, covering: 320).image.pixels }
            }.compactMap(\.self)
        }
        let released = Repository.root.appendingPathComponent("Models/nih8-fast")
        let limits = try #require(ModelBundle(directory: released).card.quality)
        let normal = try images("nih-normal")
        #expect(normal.count == 300)
        func told(_ code: ImageQuality.Code, _ change: (PixelImage) -> PixelImage) -> Double {
            let count = normal.count { image in
                limits.examined(ReducedRadiograph(Radiograph(pixels: change(image)))).quality.contains { $0.code == code }
            }
            return Double(count) / Double(normal.count)
        }
        for code in ImageQuality.Code.allCases { #expect(told(code) { $0 } < 0.03, "\(code)") }
        #expect(told(.inverted) { $0.inverted() } >= 0.99)
        for turns in 1...3 { #expect(told(.turned) { $0.turned(quarterTurns: turns) } >= 0.99, "\(turns)") }
    }
}
