import Datasets
import Findings
import Foundation
import Geometry
import Networks
import PleuraTesting
import Radiographs
import Testing
import TrainingExamples

/// Pictures put together, by what is seen of bright rectangles whose boxes are known.
@Suite struct MixingTests {
    /// Pictures of one grey with a white rectangle each.
    private struct Rectangles {
        let folder: TemporaryFolder
        let store: ExampleStore

        init(_ boxes: [(Box, Int)], greys: [Double], classes: [String] = ["Mass", "Nodule"]) throws {
            folder = try TemporaryFolder()
            var images: [DatasetImage] = []
            for (index, (box, column)) in boxes.enumerated() {
                let name = "\(index).png"
                let picture = DrawnPictures.rectangle(box, width: 96, height: 96, ground: UInt16(greys[index] * 65_535))
                try Files.write(picture.png(), to: folder.file("images/\(name)"))
                images.append(
                    DatasetImage(
                        id: index + 1, fileName: name, width: 96, height: 96, patient: name,
                        boxes: [Annotation(classID: column + 1, box: box)]))
            }
            let dataset = Dataset(
                directory: folder.url, findingClasses: classes.enumerated().map { FindingClass(id: $0 + 1, name: $1) }, images: images,
                folds: [:])
            store = try ExampleStore(
                dataset: dataset, images: images, decoders: DecoderRegistry(decoders: [PNGDecoder()]),
                preprocessing: SmallDataset.preprocessing, side: 96, budget: 1 << 30, scratchFolder: folder.url
            ) { _, _ in }
        }

        func source(_ augmentation: Augmentation, batchSize: Int = 4, side: Int = 96) -> BatchSource {
            SmallDataset.source(store, sampling: Sampling(normalShare: 0), augmentation: augmentation, batchSize: batchSize, side: side)
        }
    }

    private static let boxes: [(Box, Int)] = [
        (Box(x: 8, y: 8, width: 30, height: 24), 0), (Box(x: 56, y: 12, width: 32, height: 40), 1),
        (Box(x: 20, y: 50, width: 24, height: 36), 0), (Box(x: 40, y: 40, width: 40, height: 30), 1),
    ]

    /// Every white pixel of a mosaic lies in a box, and every box is white.
    @Test func theBoxesOfAMosaicAreWhereItsPicturesAre() throws {
        let rectangles = try Rectangles(Self.boxes, greys: [0.1, 0.2, 0.3, 0.4])
        var augmentation = Augmentation.none
        augmentation.mosaic.probability = 1
        augmentation.geometry.flipProbability = 0.5
        augmentation.geometry.visibleShare = 0
        let source = rectangles.source(augmentation, side: 128)
        var (boxes, greys) = (0, Set<Int>())
        for step in 0..<12 {
            let batch = try source.batch(step: step)
            for image in 0..<4 {
                let picture = batch.values[image * 128 * 128..<(image + 1) * 128 * 128].map { $0 }
                var inside = [Bool](repeating: false, count: picture.count)
                for detection in batch.examples[image] {
                    boxes += 1
                    let box = detection.box
                    #expect(box.x >= 0 && box.y >= 0 && box.maxX <= 128 && box.maxY <= 128)
                    for row in Int(box.y.rounded(.down))..<Int(box.maxY.rounded(.up)) {
                        for column in Int(box.x.rounded(.down))..<Int(box.maxX.rounded(.up)) {
                            inside[row * 128 + column] = true
                            let isMiddle =
                                Double(row) > box.y + 1 && Double(row) < box.maxY - 2 && Double(column) > box.x + 1
                                && Double(column) < box.maxX - 2
                            if isMiddle { #expect(picture[row * 128 + column] > 0.95) }
                        }
                    }
                }
                // A strip of less than two pixels is no box; nothing else is white outside.
                let stray = picture.indices.filter { picture[$0] > 0.9 && !inside[$0] }.count
                #expect(stray < 128)
                greys.formUnion(picture.filter { $0 < 0.45 }.map { Int(($0 * 10).rounded()) })
            }
        }
        #expect(boxes > 48 && greys.isSuperset(of: [1, 2, 3, 4]))
    }

    /// A mix of two pictures is their weighted mean; their boxes have the same weights.
    @Test func aMixIsTheMeanOfTwoPictures() throws {
        let rectangles = try Rectangles(Array(Self.boxes.prefix(2)), greys: [0.1, 0.3])
        var augmentation = Augmentation.none
        augmentation.mixUp.probability = 1
        let source = rectangles.source(augmentation, batchSize: 2)
        var shares: [Double] = []
        for step in 0..<6 {
            let (batch, order) = (try source.batch(step: step), source.pictures(step: step))
            for image in 0..<2 {
                let boxes = batch.examples[image]
                #expect(boxes.map(\.box) == [Self.boxes[order[image]].0, Self.boxes[1 - order[image]].0])
                #expect(abs(boxes.map(\.weight).reduce(0, +) - 1) < 1e-9)
                let share = boxes[0].weight
                shares.append(share)
                func grey(_ picture: Int, _ x: Int, _ y: Int) -> Double {
                    let box = Self.boxes[picture].0
                    let isInside = Double(x) >= box.x && Double(x) < box.maxX && Double(y) >= box.y && Double(y) < box.maxY
                    return isInside ? 1 : [0.1, 0.3][picture]
                }
                for place in stride(from: 0, to: 96 * 96, by: 5) {
                    let (x, y) = (place % 96, place / 96)
                    let expected = share * grey(order[image], x, y) + (1 - share) * grey(1 - order[image], x, y)
                    #expect(abs(Double(batch.values[image * 96 * 96 + place]) - expected) < 1e-4)
                }
                let labels = batch.imageLabels[image * 2..<image * 2 + 2].map { Double($0) }
                let own = Self.boxes[order[image]].1
                #expect(abs(labels[own] - share) < 1e-6 && abs(labels[1 - own] - (1 - share)) < 1e-6)
            }
        }
        #expect(Set(shares).count == 12)
    }

    /// The rectangles have the grey asked for, and a box is learnt if as much of it is seen as asked for.
    @Test func whatIsCutOutIsNotLearnt() throws {
        let rectangles = try Rectangles(Self.boxes, greys: [0.1, 0.2, 0.3, 0.4])
        var augmentation = Augmentation.none
        augmentation.cutOut.probability = 0.8
        augmentation.cutOut.count = 3
        (augmentation.cutOut.sideLow, augmentation.cutOut.sideHigh, augmentation.cutOut.fill) = (0.2, 0.4, 0.7)
        let source = rectangles.source(augmentation)
        var (kept, lost) = (0, 0)
        for step in 0..<20 {
            let (batch, order) = (try source.batch(step: step), source.pictures(step: step))
            for image in 0..<4 {
                let (box, column) = Self.boxes[order[image]]
                let picture = batch.values[image * 96 * 96..<(image + 1) * 96 * 96].map { $0 }
                var (white, hidden) = (0, 0)
                for row in Int(box.y)..<Int(box.maxY) {
                    for column in Int(box.x)..<Int(box.maxX) {
                        if picture[row * 96 + column] > 0.99 { white += 1 }
                        if abs(picture[row * 96 + column] - 0.7) < 1e-6 { hidden += 1 }
                    }
                }
                #expect(white + hidden == Int(box.area))
                let isLearnt = Double(white) / box.area >= augmentation.geometry.visibleShare
                #expect(batch.examples[image].map(\.box) == (isLearnt ? [box] : []))
                let label = batch.imageLabels[image * 2 + column]
                #expect(isLearnt ? label == 1 : white > 0 ? label.isNaN : label == 0)
                if isLearnt { kept += 1 } else { lost += 1 }
            }
        }
        #expect(kept > 20 && lost > 5)
    }

    /// A flip makes a left finding a right one; where there is no right one, the picture stays as it is.
    @Test(arguments: [(["Left mass", "Right mass"], true), (["Left mass", "Mass"], false)])
    func sidesStayTrue(_ classes: [String], isFlipped: Bool) throws {
        let box = Box(x: 8, y: 8, width: 30, height: 24)
        let rectangles = try Rectangles([(box, 0)], greys: [0.1], classes: classes)
        var augmentation = Augmentation.none
        augmentation.geometry.flipProbability = 1
        let batch = try rectangles.source(augmentation, batchSize: 1).batch(step: 0)
        let seen = try #require(batch.examples.first?.first)
        #expect(seen.classIndex == (isFlipped ? 1 : 0))
        #expect(seen.box == (isFlipped ? Box(x: 58, y: 8, width: 30, height: 24) : box))
        #expect(batch.values[20 * 96 + (isFlipped ? 70 : 20)] > 0.99)
        #expect(batch.imageLabels == (isFlipped ? [0, 1] : [1, 0]))
    }
}
