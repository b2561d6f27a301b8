import Datasets
import Findings
import Foundation
import Geometry
import Phantoms
import PleuraTesting
import Radiographs
import Testing

/// Phantoms: the same seed draws the same, boxes are where the lesions are, and lesions are as they occur.
@Suite struct PhantomTests {
    private static let side = 512
    /// Drawn once for all tests, with and without what can be taken away.
    private static let drawn: [(phantom: PhantomGenerator.Phantom, healthy: PhantomGenerator.Phantom)] = {
        let generator = PhantomGenerator(seed: 11, side: side)
        return (0..<54).map { (generator.phantom($0), generator.phantom($0, showsOpacities: false)) }
    }()

    private static func name(_ lesion: Annotation) -> String { PhantomGenerator.findingClasses[lesion.classID - 1].name }

    /// The smallest box around the pixels that differ.
    private static func difference(_ one: PixelImage, _ other: PixelImage) -> Box? {
        var (left, top, right, bottom) = (Int.max, Int.max, -1, -1)
        for index in one.samples.indices where one.samples[index] != other.samples[index] {
            let (x, y) = (index % one.width, index / one.width)
            (left, right, top, bottom) = (min(left, x), max(right, x), min(top, y), max(bottom, y))
        }
        return right < 0 ? nil : Box(x0: Double(left), y0: Double(top), x1: Double(right + 1), y1: Double(bottom + 1))
    }

    private static func mean(_ pixels: PixelImage, _ box: Box) -> Double {
        let clipped = box.clipped(toWidth: Double(pixels.width), height: Double(pixels.height))
        var (sum, count) = (0.0, 0.0)
        for y in Int(clipped.y)..<Int(clipped.maxY) {
            for x in Int(clipped.x)..<Int(clipped.maxX) {
                sum += Double(pixels.samples[y * pixels.width + x])
                count += 1
            }
        }
        return sum / max(1, count)
    }

    @Test func theSameSeedDrawsTheSameInAnyOrderAndOnAnyThread() async {
        let generator = PhantomGenerator(seed: 7, side: 512)
        let alone = (0..<6).reversed().map { ($0, generator.phantom($0)) }
        let together = await withTaskGroup(of: (Int, PhantomGenerator.Phantom).self) { group in
            for index in 0..<6 { group.addTask { (index, PhantomGenerator(seed: 7, side: 512).phantom(index)) } }
            return await group.reduce(into: [Int: PhantomGenerator.Phantom]()) { $0[$1.0] = $1.1 }
        }
        for (index, phantom) in alone {
            #expect(phantom.pixels == together[index]?.pixels && phantom.lesions == together[index]?.lesions)
            #expect(phantom.view == together[index]?.view && phantom.pixelSpacing == together[index]?.pixelSpacing)
        }
        #expect(Set(alone.map { $0.1.pixels }).count == 6)
        #expect(PhantomGenerator(seed: 8, side: 512).phantom(5).pixels != generator.phantom(5).pixels)
    }

    @Test func sizesDifferAndOddOnesAreDrawn() {
        let sides = Set((0..<6).map { PhantomGenerator(seed: 1).phantom($0).pixels.width })
        #expect(sides.count > 2 && sides.allSatisfy { (512...1_024).contains($0) })
        let odd = PhantomGenerator(seed: 1, side: 513).phantom(1).pixels
        #expect(odd.width == 513 && odd.height == 513 && odd.samples.count == 513 * 513)
    }

    @Test func allKindsAndViewsComeAndBoxesAreInside() {
        var kinds: Set<Int> = []
        var normals = 0
        for (phantom, _) in Self.drawn {
            #expect(phantom.pixels.bits == 12 && phantom.pixels.width == Self.side && phantom.pixels.height == Self.side)
            #expect((phantom.pixels.samples.max() ?? 0) <= 4_095)
            #expect((0...2).contains(phantom.lesions.count))
            normals += phantom.lesions.isEmpty ? 1 : 0
            for lesion in phantom.lesions {
                kinds.insert(lesion.classID)
                #expect(lesion.box.x >= 0 && lesion.box.y >= 0)
                #expect(lesion.box.maxX <= Double(Self.side) && lesion.box.maxY <= Double(Self.side))
                #expect(lesion.box.width >= 8 && lesion.box.height >= 8)
            }
        }
        #expect(kinds == Set(PhantomGenerator.findingClasses.map(\.id)))
        #expect(normals >= 6)
        #expect(Set(Self.drawn.map(\.phantom.view)) == ["PA", "AP"])
    }

    /// Brute force: the picture with its lesion differs from the same patient's without it inside the box, up to its edges, and nowhere else.
    @Test func boxesAreTheExtentOfWhatTheLesionChanges() throws {
        var kinds: Set<String> = []
        for (index, (phantom, healthy)) in Self.drawn.enumerated() {
            #expect(phantom.lesions == healthy.lesions)
            let focal = phantom.lesions.filter { Self.name($0) != "Cardiomegaly" }
            guard focal.count == 1, let lesion = focal.first else {
                if focal.isEmpty { #expect(phantom.pixels == healthy.pixels) }
                continue
            }
            kinds.insert(Self.name(lesion))
            let changed = try #require(Self.difference(phantom.pixels, healthy.pixels))
            #expect(changed.intersection(lesion.box) == changed, "phantom \(index), \(Self.name(lesion))")
            // At its very edge a lesion fades below one grey value.
            #expect(changed.intersectionOverUnion(lesion.box) > 0.8, "phantom \(index), \(Self.name(lesion))")
        }
        #expect(kinds.count == 7)
    }

    /// Opacities are denser than the lung they lie in; air is darker.
    @Test func lesionsChangeTheLungTheRightWay() {
        for (index, (phantom, healthy)) in Self.drawn.enumerated() where phantom.lesions.count == 1 {
            let lesion = phantom.lesions[0]
            let change = Self.mean(phantom.pixels, lesion.box) - Self.mean(healthy.pixels, lesion.box)
            switch Self.name(lesion) {
            case "Cardiomegaly": #expect(change == 0)
            case "Pneumothorax": #expect(change < -10, "phantom \(index)")
            default: #expect(change > 25, "phantom \(index), \(Self.name(lesion))")
            }
        }
    }

    /// The lung beside a pneumothorax's box, mirrored at the picture's middle, is brighter on average.
    @Test func aPneumothoraxIsDarkerThanTheOtherLung() {
        var changes: [Double] = []
        for (phantom, _) in Self.drawn where phantom.lesions.count == 1 && Self.name(phantom.lesions[0]) == "Pneumothorax" {
            let box = phantom.lesions[0].box
            let mirror = Box(x: Double(Self.side) - box.maxX, y: box.y, width: box.width, height: box.height)
            changes.append(Self.mean(phantom.pixels, box) - Self.mean(phantom.pixels, mirror))
        }
        #expect(changes.count >= 3)
        #expect(changes.reduce(0, +) / Double(max(1, changes.count)) < 0)
    }

    @Test func theHeartIsWideInCardiomegalyOnly() throws {
        for (index, (phantom, _)) in Self.drawn.enumerated() {
            let ratio = phantom.heart.width / phantom.thoraxWidth
            if let lesion = phantom.lesions.first(where: { Self.name($0) == "Cardiomegaly" }) {
                #expect(lesion.box == phantom.heart, "phantom \(index)")
                #expect((0.53...0.72).contains(ratio), "phantom \(index): \(ratio)")
            } else {
                #expect((0.36...0.5).contains(ratio), "phantom \(index): \(ratio)")
            }
        }
    }

    /// A nodule is smaller than 3 cm, a mass larger (Fleischner Society, 2008).
    @Test func massesAreLargerThanThreeCentimetres() {
        for (phantom, _) in Self.drawn {
            for lesion in phantom.lesions {
                let longest = max(lesion.box.width, lesion.box.height) * phantom.pixelSpacing
                if Self.name(lesion) == "Nodule" { #expect((8..<30).contains(longest), "\(longest) mm") }
                if Self.name(lesion) == "Mass" { #expect((30.5...90).contains(longest), "\(longest) mm") }
            }
        }
    }

    @Test func aDatasetIsReadBackAsWritten() throws {
        let folder = try TemporaryFolder()
        let generator = PhantomGenerator(seed: 2, side: 512)
        let written = try generator.writeDataset(count: 9, to: folder.file("new"))
        // Again over what is there.
        #expect(try generator.writeDataset(count: 9, to: folder.file("new")).images == written.images)
        let read = try Dataset.read(directory: folder.file("new"))
        #expect(read.images == written.images && read.folds == written.folds && read.findingClasses == PhantomGenerator.findingClasses)
        for (index, image) in read.images.enumerated() {
            let decoded = try DecoderRegistry(decoders: [PNGDecoder()]).decode(path: read.url(of: image).path)
            let phantom = generator.phantom(index)
            // Twelve bits over the whole range of sixteen, which other tools show.
            let spread = phantom.pixels.samples.map { UInt16((Double($0) * 65535 / 4095).rounded()) }
            #expect(decoded.pixels.bits == 16 && decoded.pixels.samples == spread && image.boxes == phantom.lesions)
            #expect(image.view == phantom.view && image.id == index + 1)
        }
    }

    @Test func aFormatNamesItsFilesAndWhatItThrowsLeavesNothingBehind() throws {
        struct Refusal: Error {}
        let folder = try TemporaryFolder()
        let generator = PhantomGenerator(seed: 2, side: 512)
        let raw = PhantomFileFormat(suffix: "raw") { phantom, patient in Data("\(patient) \(phantom.pixels.width)".utf8) }
        let dataset = try generator.writeDataset(count: 2, to: folder.file("raw"), format: raw)
        #expect(dataset.images.map(\.fileName) == ["phantom_00001.raw", "phantom_00002.raw"])
        #expect(try String(contentsOf: dataset.url(of: dataset.images[1]), encoding: .utf8) == "phantom_00002_of_seed_2 512")
        let refusing = PhantomFileFormat(suffix: "raw") { _, patient in
            guard patient != "phantom_00003_of_seed_2" else { throw Refusal() }
            return Data()
        }
        #expect(throws: Refusal.self) { try generator.writeDataset(count: 4, to: folder.file("none"), format: refusing) }
        #expect(try Files.names(in: folder.url) == ["raw"])
    }
}
