import Basics
import Datasets
import Findings
import Foundation
import Geometry
import PleuraTesting
import Radiographs
import Testing

/// Statistics are what counting one by one gives.
@Suite struct StatisticsTests {
    private func randomDataset(seed: UInt64) -> Dataset {
        var random = SeededGenerator(seed: seed)
        let sizes = [(1_024, 1_024), (2_500, 2_048), (300, 401)]
        let images = (0..<150).map { index in
            let (width, height) = sizes[Int(random.next() % 3)]
            let boxes = (0..<Int(random.next() % 4)).map { _ in
                Annotation(
                    classID: [1, 2, 5][Int(random.next() % 3)],
                    box: Box(
                        x: random.uniform(-20...Double(width) * 0.9), y: random.uniform(0...Double(height) * 0.9),
                        width: random.uniform(2...300), height: random.uniform(2...300)),
                    reader: random.uniform() < 0.5 ? "R1" : nil)
            }
            return DatasetImage(
                id: index + 1, fileName: "\(index).png", width: width, height: height, patient: "p\(random.next() % 60)",
                view: [nil, "PA", "AP"][Int(random.next() % 3)], part: ["train", "test", nil][Int(random.next() % 3)],
                labels: random.uniform() < 0.3 ? nil : random.uniform() < 0.5 ? [] : ["Mass"],
                attributes: random.uniform() < 0.8 ? ["sex": random.uniform() < 0.5 ? "F" : "M", "age": "\(random.next() % 100)"] : [:],
                boxes: boxes)
        }
        return Dataset(
            directory: FileManager.default.temporaryDirectory,
            findingClasses: [
                FindingClass(id: 5, name: "Mass"), FindingClass(id: 1, name: "Nodule"), FindingClass(id: 2, name: "Effusion"),
            ],
            images: images, folds: Dictionary(uniqueKeysWithValues: (0..<40).map { ("p\($0)", $0 % 3) }))
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func countsAreThoseOfALookAtEveryBox(seed: UInt64) {
        let set = randomDataset(seed: seed)
        let statistics = DatasetStatistics(set)
        for (index, findingClass) in set.findingClasses.enumerated() {
            let with = set.images.filter { $0.boxes.contains { $0.classID == findingClass.id } }
            let boxes = set.images.flatMap(\.boxes).filter { $0.classID == findingClass.id }.map(\.box)
            let finding = statistics.findings[index]
            #expect(finding.findingClass == findingClass && finding.boxes == boxes.count && finding.images == with.count)
            #expect(finding.patients == Set(with.map(\.patient)).count)
            #expect(finding.small == boxes.filter { $0.width * $0.height < 1_024 }.count)
            #expect(finding.large == boxes.filter { $0.width * $0.height > 9_216 }.count)
            #expect(finding.small + finding.medium + finding.large == boxes.count)
            #expect(finding.labelledImages == set.images.filter { ($0.labels ?? []).contains(findingClass.name) }.count)
            for (column, other) in set.findingClasses.enumerated() {
                let both = with.filter { $0.boxes.contains { $0.classID == other.id } }.count
                #expect(statistics.together[index][column] == both)
            }
        }
        #expect(statistics.all.images == 150 && statistics.all.boxes == set.boxCount)
        #expect(statistics.all.imagesWithoutBoxes == set.images.filter(\.boxes.isEmpty).count)
        #expect(statistics.normalImages == set.images.filter { $0.boxes.isEmpty && ($0.labels ?? []).isEmpty }.count)
        #expect(
            statistics.parts.map(\.name) == ["train", "test", "none"]
                && statistics.folds.map(\.name) == ["fold 0", "fold 1", "fold 2", "none"])
        for part in statistics.parts {
            let own = set.images.filter { ($0.part ?? "none") == part.name }
            #expect(part.images == own.count && part.patients == Set(own.map(\.patient)).count)
            #expect(part.boxesOfFinding == set.findingClasses.map { item in own.flatMap(\.boxes).filter { $0.classID == item.id }.count })
        }
        #expect(statistics.parts.reduce(0) { $0 + $1.images } == 150 && statistics.folds.reduce(0) { $0 + $1.images } == 150)
        for (count, images) in statistics.boxesPerImage.enumerated() {
            #expect(images == set.images.filter { $0.boxes.count == count }.count)
        }
        #expect(statistics.sizes.reduce(0) { $0 + $1.count } == 150)
        for size in statistics.sizes {
            #expect(size.count == set.images.filter { $0.width == size.width && $0.height == size.height }.count)
        }
        for view in statistics.views { #expect(view.count == set.images.filter { ($0.view ?? "unknown") == view.name }.count) }
        #expect(statistics.views.last?.name == "unknown")
        #expect(statistics.sexes.reduce(0) { $0 + $1.count } == Set(set.images.map(\.patient)).count)
        let ages = set.images.compactMap { $0.attributes["age"].flatMap(Double.init) }
        for (tens, count) in statistics.agesByTens.enumerated() { #expect(count == ages.filter { Int($0) / 10 == tens }.count) }
        #expect(statistics.readers.first { $0.name == "R1" }?.count == set.images.flatMap(\.boxes).filter { $0.reader == "R1" }.count)
        #expect(statistics.labels.map(\.name) == ["Mass"] && statistics.bits.isEmpty && statistics.unreadable == 0)
    }

    /// The heat map against points strewn over each box.
    @Test func coverageIsTheShareOfBoxesOverACell() {
        let set = randomDataset(seed: 9)
        let statistics = DatasetStatistics(set)
        let side = PlaceMap.side
        let points = 12
        for (index, findingClass) in set.findingClasses.enumerated() {
            let map = statistics.findings[index].places
            var expected = [Double](repeating: 0, count: side * side)
            for image in set.images {
                for box in image.boxes.filter({ $0.classID == findingClass.id }).map(\.box) {
                    for cell in 0..<side * side {
                        for point in 0..<points * points {
                            let x = (Double(cell % side) + (Double(point % points) + 0.5) / Double(points)) / Double(side)
                            let y = (Double(cell / side) + (Double(point / points) + 0.5) / Double(points)) / Double(side)
                            let (px, py) = (x * Double(image.width), y * Double(image.height))
                            if px >= box.x, px < box.maxX, py >= box.y, py < box.maxY {
                                expected[cell] += 1 / Double(points * points) / Double(map.count)
                            }
                        }
                    }
                }
            }
            let worst = zip(expected, map.coverage).map { abs($0 - $1) }.max() ?? 1
            // A cell of a dozen points a side is off by a twelfth of the boxes whose edge is in it, at most.
            #expect(worst < 0.01, "\(worst)")
        }
    }

    @Test func quartilesAreNumpys() throws {
        let quartiles = try #require(Quartiles([7, 15, 36, 39, 40, 41]))
        #expect(quartiles.least == 7 && quartiles.lower == 20.25 && quartiles.median == 37.5 && quartiles.upper == 39.75)
        #expect(quartiles.greatest == 41 && Quartiles([]) == nil && Quartiles([3])?.upper == 3)
    }

    @Test func agesAreReadAsNIHAndDICOMWriteThem() {
        var set = randomDataset(seed: 1)
        let texts = ["58", "058Y", "006M", "012W", "414", "-3", "", "old"]
        set.images = Array(set.images.prefix(texts.count))
        for (index, text) in texts.enumerated() { set.images[index].attributes = ["age": text] }
        let statistics = DatasetStatistics(set)
        #expect(statistics.agesByTens == [2, 0, 0, 0, 0, 2] && statistics.age?.greatest == 58)
    }

    @Test func depthsAreReadFromTheFiles() throws {
        let root = try TemporaryFolder()
        var set = try randomDataset(seed: 2).write(to: root.file("set"))
        set.images = Array(set.images.prefix(4))
        for (index, image) in set.images.prefix(3).enumerated() {
            let picture = DrawnPictures.structured(index, side: 64)
            try (index == 0 ? picture.png() : picture.jpegThumbnail(maximumSide: 64)).write(to: set.url(of: image))
        }
        let statistics = DatasetStatistics(set, inspector: RasterInspector())
        #expect(statistics.bits.map(\.name) == ["8", "16"] && statistics.bits.map(\.count) == [2, 1] && statistics.unreadable == 1)
    }
}
