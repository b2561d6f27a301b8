import Datasets
import Findings
import Foundation
import Geometry
import Interchange
import PleuraTesting
import Radiographs
import Testing

/// The helpers of the round trips are held to what they say, else the round trips prove nothing.
@Suite struct RandomDatasetTests {
    @Test(arguments: [UInt64(1), 2, 3])
    func hasWhatWasAskedForAndNothingElse(seed: UInt64) throws {
        let root = try TemporaryFolder()
        for bit in 0..<13 {
            let wanted = FormatContents(rawValue: 1 << bit)
            let dataset = try RandomDataset(wanted).make(seed: seed, in: root.file("set \(bit)"))
            #expect(FormatContents(of: dataset).subtracting([.classIDs]) == wanted.subtracting([.classIDs]))
            #expect(try Dataset.read(directory: dataset.directory) == dataset)
        }
        let all = try RandomDataset().make(seed: seed, in: root.file("all"))
        #expect(FormatContents(of: all) == RandomDataset.everything)
        for image in all.images {
            let header = try RasterHeader(Data(contentsOf: all.url(of: image)))
            #expect(header.width == image.width && header.height == image.height)
            #expect(image.boxes.allSatisfy { $0.box.clipped(toWidth: Double(image.width), height: Double(image.height)) == $0.box })
        }
        let again = try RandomDataset().make(seed: seed, in: root.file("again"))
        #expect(again.images == all.images && again.folds == all.folds && again.findingClasses == all.findingClasses)
    }

    @Test func everyChangeIsSeenWhereItIsClaimedAndOnlyThere() throws {
        let root = try TemporaryFolder()
        let dataset = try RandomDataset().make(seed: 7, in: root.file("set"))
        #expect(DatasetComparison(contents: RandomDataset.everything, tolerance: 0).differences(dataset, dataset).isEmpty)
        let boxed = try #require(dataset.images.firstIndex { $0.boxes.first?.reader != nil && $0.patient.hasPrefix("patient") })
        let changes: [(FormatContents, (inout Dataset) -> Void)] = [
            (.readers, { $0.images[boxed].boxes[0].reader = nil }), (.agreement, { $0.images[boxed].boxes[0].agreement = 0.123 }),
            (.views, { $0.images[boxed].view = "else" }), (.parts, { $0.images[boxed].part = "else" }),
            (.imageLabels, { $0.images[boxed].labels = ["else"] }), (.attributes, { $0.images[boxed].attributes["x"] = "y" }),
            (.folds, { $0.folds[$0.images[boxed].patient] = 9 }), (.patients, { $0.images[boxed].patient = "nobody" }),
            (.emptyImages, { set in set.images.removeAll { $0.boxes.isEmpty } }), (.fractions, { $0.images[boxed].boxes[0].box.x += 0.25 }),
            (.findings, { $0.images[boxed].boxes[0].classID += 100 }),
        ]
        for (content, change) in changes {
            var changed = dataset
            change(&changed)
            for (contents, isSeen) in [
                (RandomDataset.everything, true), (content, true), (RandomDataset.everything.subtracting(content), false),
            ] {
                let found = DatasetComparison(contents: contents, tolerance: 0).differences(dataset, changed)
                #expect(found.isEmpty != isSeen, "\(content.descriptions), \(contents.descriptions): \(found)")
            }
        }
        var moved = dataset
        moved.images[boxed].boxes[0].box.x += 2
        #expect(!DatasetComparison(contents: [], tolerance: 0).differences(dataset, moved).isEmpty)
        moved.images.removeAll { !$0.boxes.isEmpty }
        #expect(DatasetComparison(contents: [], tolerance: 9).differences(dataset, moved).count > 4)
    }
}
