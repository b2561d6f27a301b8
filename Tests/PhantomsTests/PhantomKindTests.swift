import Datasets
import Findings
import Foundation
import Geometry
import Phantoms
import PleuraTesting
import Radiographs
import Testing

@Suite struct PhantomKindTests {
    private static let kinds: [PhantomKind] = [.bone, .ultrasound, .mr]

    @Test(arguments: kinds) func theSameSeedGivesTheSamePicturesAndBoxesLieOnThem(_ kind: PhantomKind) {
        let generator = PhantomGenerator(seed: 7, side: 512, kind: kind)
        var healthy = 0
        for index in 0..<20 {
            let phantom = generator.phantom(index)
            let again = generator.phantom(index)
            #expect(phantom.pixels == again.pixels && phantom.lesions == again.lesions)
            #expect(phantom.pixels != generator.phantom(index + 1).pixels)
            healthy += phantom.lesions.isEmpty ? 1 : 0
            for lesion in phantom.lesions {
                let box = lesion.box
                #expect(!box.isEmpty && box.x >= 0 && box.y >= 0 && box.maxX <= 512 && box.maxY <= 512, "\(kind) \(index): \(box)")
                #expect(lesion.classID == 1)
            }
        }
        #expect(healthy == 4, "\(kind)")
    }

    /// The grey inside a lesion's box differs from that of the ring around it: something is there.
    @Test(arguments: [PhantomKind.ultrasound, .mr]) func aLesionIsAnotherGreyThanWhatIsAround(_ kind: PhantomKind) {
        let generator = PhantomGenerator(seed: 8, side: 512, kind: kind)
        for index in 0..<20 {
            let phantom = generator.phantom(index)
            for lesion in phantom.lesions {
                let box = lesion.box
                func mean(_ half: Double) -> Double {
                    var (sum, count) = (0.0, 0.0)
                    for step in 0..<40 {
                        let turn = Double(step) * .pi / 20
                        let (x, y) = (box.centerX + half * box.width * cos(turn), box.centerY + half * box.height * sin(turn))
                        guard (0..<512).contains(Int(x)), (0..<512).contains(Int(y)) else { continue }
                        sum += Double(phantom.pixels.samples[Int(y) * 512 + Int(x)])
                        count += 1
                    }
                    return sum / max(1, count)
                }
                let (inside, around) = ((mean(0.15) + mean(0.25)) / 2, (mean(0.6) + mean(0.65)) / 2)
                #expect(abs(inside - around) > 0.15 * max(inside, around), "\(kind) \(index): \(inside), \(around)")
            }
        }
    }

    @Test func aDatasetIsWrittenAndAnotherKindsIsLeftAlone() throws {
        let folder = try TemporaryFolder()
        let dataset = try PhantomGenerator(seed: 2, side: 512, kind: .bone).writeDataset(count: 6, to: folder.file("set"))
        #expect(dataset.findingClasses.map(\.name) == ["Fracture"] && dataset.images.map(\.fileName).first == "bone_00001.png")
        #expect(Set(dataset.folds.values) == [0, 1, 2, 3] && dataset.images.allSatisfy { $0.view == nil })
        #expect(throws: Never.self) {
            try PhantomGenerator(seed: 2, side: 512, kind: .bone).writeDataset(count: 4, to: folder.file("set"))
        }
        #expect(throws: (any Error).self) {
            try PhantomGenerator(seed: 2, side: 512, kind: .mr).writeDataset(count: 4, to: folder.file("set"))
        }
    }
}
