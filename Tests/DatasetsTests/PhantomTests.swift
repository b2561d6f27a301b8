import Datasets
import Findings
import Foundation
import Radiographs
import TestSupport
import Testing

/// Phantoms: the same seed draws the same, boxes are where the lesions are, and all eight kinds come.
@Suite struct PhantomTests {
    @Test func theSameSeedDrawsTheSameInAnyOrder() {
        let first = PhantomGenerator(seed: 7).phantom(5)
        _ = PhantomGenerator(seed: 7).phantom(2)
        let second = PhantomGenerator(seed: 7).phantom(5)
        #expect(first.pixels == second.pixels && first.lesions == second.lesions)
        #expect(PhantomGenerator(seed: 8).phantom(5).pixels != first.pixels)
    }

    @Test func allKindsComeAndBoxesAreInside() {
        let generator = PhantomGenerator(seed: 3, side: 512)
        var kinds: Set<Int> = []
        var normals = 0
        for index in 0..<27 {
            let phantom = generator.phantom(index)
            #expect(phantom.pixels.bits == 12 && phantom.pixels.width == 512 && phantom.pixels.height == 512)
            #expect((0...2).contains(phantom.lesions.count))
            normals += phantom.lesions.isEmpty ? 1 : 0
            for lesion in phantom.lesions {
                kinds.insert(lesion.classID)
                #expect(lesion.box.x >= 0 && lesion.box.y >= 0 && lesion.box.maxX <= 512 && lesion.box.maxY <= 512)
                #expect(lesion.box.width >= 8 && lesion.box.height >= 8)
            }
        }
        #expect(kinds == Set(PhantomGenerator.findingClasses.map(\.id)))
        #expect(normals >= 3)
    }

    /// A mass or nodule is denser than what is round it, a pneumothorax darker than the other lung at its height: the box has the lesion.
    @Test func boxesHoldTheirLesions() {
        let generator = PhantomGenerator(seed: 11, side: 640)
        func mean(_ pixels: PixelImage, _ box: Box) -> Double {
            let clipped = box.clipped(toWidth: 640, height: 640)
            var sum = 0.0
            var count = 0.0
            for y in Int(clipped.y)..<Int(clipped.maxY) {
                for x in Int(clipped.x)..<Int(clipped.maxX) {
                    sum += Double(pixels.samples[y * 640 + x])
                    count += 1
                }
            }
            return sum / max(1, count)
        }
        var tested = 0
        for index in 0..<54 {
            let phantom = generator.phantom(index)
            for lesion in phantom.lesions
            where ["Mass", "Nodule", "Pneumonia"].contains(PhantomGenerator.findingClasses[lesion.classID - 1].name) {
                let box = lesion.box
                let core = Box(
                    x: box.x + box.width * 0.3, y: box.y + box.height * 0.3, width: max(2, box.width * 0.4),
                    height: max(2, box.height * 0.4))
                // The same place in the other half of the chest, which is nearly its mirror.
                let mirror = Box(x: 640 - core.maxX, y: core.y, width: core.width, height: core.height)
                // The heart may lie there: then there is nothing to compare with.
                guard mean(phantom.pixels, mirror) < 1_500, phantom.lesions.count == 1 else { continue }
                #expect(mean(phantom.pixels, core) > mean(phantom.pixels, mirror) * 1.15, "phantom \(index)")
                tested += 1
            }
        }
        #expect(tested >= 5)
    }

    @Test func aDatasetIsReadBackAsWritten() throws {
        let folder = try TemporaryFolder()
        let generator = PhantomGenerator(seed: 2, side: 512)
        let written = try generator.writeDataset(count: 5, to: folder.url)
        let read = try Dataset.read(directory: folder.url)
        #expect(read.images == written.images && read.folds == written.folds && read.findingClasses == PhantomGenerator.findingClasses)
        for (index, image) in read.images.enumerated() {
            let decoded = try DecoderRegistry(decoders: [PNGDecoder()]).decode(path: read.url(of: image).path)
            let phantom = generator.phantom(index)
            #expect(decoded.pixels.bits == 16 && decoded.pixels.samples == phantom.pixels.samples && image.boxes == phantom.lesions)
        }
    }
}
