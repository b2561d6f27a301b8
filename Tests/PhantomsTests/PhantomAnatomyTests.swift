import Datasets
import Foundation
import Geometry
import Phantoms
import PleuraTesting
import Radiographs
import Testing

@Suite struct PhantomAnatomyTests {
    /// The masks are asked for beside the picture, which stays the same.
    @Test func masksChangeNoPicture() {
        let generator = PhantomGenerator(seed: 4, side: 512)
        let (plain, masked) = (generator.phantom(2), generator.phantom(2, hasAnatomy: true))
        #expect(plain.pixels == masked.pixels)
        #expect(plain.anatomy.isEmpty)
        #expect(masked.anatomy.count == 512 * 512)
    }

    @Test func theHeartsMaskHasTheHeartsBox() {
        let generator = PhantomGenerator(seed: 5, side: 512)
        for index in 0..<6 {
            let phantom = generator.phantom(index, hasAnatomy: true)
            let inside = phantom.anatomy.indices.filter { phantom.anatomy[$0] & AnatomyBits.heart != 0 }
            #expect(Double(inside.map { $0 % 512 }.min() ?? -1) == phantom.heart.x)
            #expect(Double((inside.map { $0 % 512 }.max() ?? -1) + 1) == phantom.heart.maxX)
        }
    }

    /// Lungs are on their sides, dark, and apart from the heart; clavicles lie high.
    @Test func structuresLieWhereTheyBelong() {
        let generator = PhantomGenerator(seed: 6, side: 512)
        for index in 0..<9 {
            let phantom = generator.phantom(index, hasAnatomy: true)
            func middle(_ bit: UInt8) -> (x: Double, y: Double, grey: Double, count: Double) {
                let inside = phantom.anatomy.indices.filter { phantom.anatomy[$0] & bit != 0 }
                let count = Double(max(1, inside.count))
                return (
                    inside.reduce(0) { $0 + Double($1 % 512) } / count, inside.reduce(0) { $0 + Double($1 / 512) } / count,
                    inside.reduce(0) { $0 + Double(phantom.pixels.samples[$1]) } / count, Double(inside.count)
                )
            }
            let (right, left, heart) = (middle(AnatomyBits.rightLung), middle(AnatomyBits.leftLung), middle(AnatomyBits.heart))
            #expect(right.x < heart.x && heart.x < left.x)
            #expect((0.12...0.5).contains((right.count + left.count) / (512 * 512)))
            #expect(min(right.grey, left.grey) < heart.grey)
            #expect(middle(AnatomyBits.rightClavicle).y < heart.y && middle(AnatomyBits.leftClavicle).count > 100)
            let both = AnatomyBits.rightLung | AnatomyBits.heart
            #expect(!phantom.anatomy.contains { $0 & both == both })
        }
    }

    @Test func aDatasetHasAMaskForEachPicture() throws {
        let folder = try TemporaryFolder()
        let dataset = try PhantomGenerator(seed: 7, side: 512).writeDataset(count: 3, to: folder.file("phantoms"), hasMasks: true)
        for (index, image) in dataset.images.enumerated() {
            let mask = try AnatomyBits.read(png: Data(contentsOf: dataset.maskURL(of: image)))
            #expect(mask.bits == PhantomGenerator(seed: 7, side: 512).phantom(index, hasAnatomy: true).anatomy)
        }
    }

    @Test func aFolderOfMasksBecomesADataset() throws {
        let folder = try TemporaryFolder()
        let source = try PhantomGenerator(seed: 8, side: 512).writeDataset(count: 4, to: folder.file("source"), hasMasks: true)
        try FileManager.default.removeItem(at: source.maskURL(of: source.images[3]))
        let folds = "image,fold\n" + source.images.map { "\($0.stem),\($0.id % 2)\n" }.joined()
        try Data(folds.utf8).write(to: folder.file("source").appendingPathComponent("folds.csv"))
        let outcome = try MaskFolder(folder.file("source")).importDataset(to: folder.file("dataset"))
        #expect(outcome.unmasked == 1)
        let read = try Dataset.read(directory: folder.file("dataset"))
        #expect(read.images.map(\.stem) == source.images.prefix(3).map(\.stem))
        #expect(read.images.map { read.fold(of: $0) } == [1, 0, 1])
        #expect(throws: DatasetError.self) { try MaskFolder(folder.file("nothing")).importDataset(to: folder.file("other")) }
        let small = try AnatomyBits.png([1, 2, 4, 8], width: 2, height: 2)
        try small.write(to: source.maskURL(of: source.images[0]))
        #expect(throws: DatasetError.self) { try MaskFolder(folder.file("source")).importDataset(to: folder.file("other")) }
    }
}
