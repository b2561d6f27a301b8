import AnnotationFormats
import Basics
import Datasets
import Findings
import Foundation
import Geometry
import Interchange
import PleuraTesting
import TableFormats
import Testing

/// Splits are by patient, near their shares, the same for the same seed, and closer than chance.
@Suite struct SplittingTests {
    /// Patients with one to nine images; findings of very different frequency; a third of the images without boxes.
    private func randomDataset(seed: UInt64, patients: Int) -> Dataset {
        var generator = SeededGenerator(seed: seed)
        var images: [DatasetImage] = []
        for patient in 0..<patients {
            for _ in 0..<1 + Int(pow(generator.uniform(), 3) * 9) {
                var boxes: [Annotation] = []
                for classID in 1...6 where generator.uniform() < 0.5 / Double(classID) {
                    for _ in 0...Int(generator.uniform() * 1.5) {
                        boxes.append(Annotation(classID: classID, box: Box(x: 1, y: 1, width: 5, height: 5)))
                    }
                }
                if generator.uniform() < 0.25 { boxes = [] }
                images.append(
                    DatasetImage(
                        id: images.count + 1, fileName: "\(images.count).png", width: 10, height: 10, patient: "p\(patient)", boxes: boxes))
            }
        }
        return Dataset(
            directory: FileManager.default.temporaryDirectory, findingClasses: (1...6).map { FindingClass(id: $0, name: "f\($0)") },
            images: images, folds: [:])
    }

    /// The largest relative deviation of any part from its share, over images, images without boxes and boxes of each finding.
    private func worstDeviation(_ set: Dataset, _ part: (DatasetImage) -> Int?, shares: [Double]) -> Double {
        var worst = 0.0
        let counts: [(DatasetImage) -> Int] =
            [{ _ in 1 }, { $0.boxes.isEmpty ? 1 : 0 }]
            + set.findingClasses.map { item in { image in image.boxes.filter { $0.classID == item.id }.count } }
        for count in counts {
            let total = Double(set.images.reduce(0) { $0 + count($1) })
            for (index, share) in shares.enumerated() {
                let here = Double(set.images.filter { part($0) == index }.reduce(0) { $0 + count($1) })
                worst = max(worst, abs(here - share * total) / (share * total))
            }
        }
        return worst
    }

    @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6])
    func everyPatientIsInOneFoldAndTheFoldsAreCloserThanChance(seed: UInt64) throws {
        let folds = 2 + Int(seed)
        var set = randomDataset(seed: seed, patients: 150 + 40 * Int(seed))
        try set.splitIntoFolds(folds, seed: seed)
        let patients = Set(set.images.map(\.patient))
        #expect(Set(set.folds.keys) == patients && Set(set.folds.values) == Set(0..<folds))

        let shares = Array(repeating: 1 / Double(folds), count: folds)
        let worst = worstDeviation(set, { set.fold(of: $0) }, shares: shares)
        var generator = SeededGenerator(seed: seed, stream: 9)
        var ofChance: [Double] = []
        for _ in 0..<200 {
            let drawn = Dictionary(uniqueKeysWithValues: patients.sorted().map { ($0, Int(generator.next() % UInt64(folds))) })
            ofChance.append(worstDeviation(set, { drawn[$0.patient] }, shares: shares))
        }
        let mean = ofChance.reduce(0, +) / Double(ofChance.count)
        #expect(worst < mean / 4, "worst deviation \(worst), of random splits \(mean)")
        // A part is off by no more than about a box of the rarest finding, and by hardly an image in the whole.
        let images = Double(set.images.count)
        for fold in set.countsByFold { #expect(abs(Double(fold.images) - images / Double(folds)) <= 0.05 * images / Double(folds) + 1) }
        let rarest = Double(set.counts.boxesOfFinding.min() ?? 0) / Double(folds)
        #expect(worst <= max(0.08, 1.6 / rarest))
    }

    @Test func partsHaveTheirShares() throws {
        var set = randomDataset(seed: 11, patients: 400)
        let shares = [0.7, 0.1, 0.2]
        try set.splitIntoParts(zip(Dataset.partNames, shares).map { (name: $0, share: $1) }, seed: 3)
        let parts = Dictionary(grouping: set.images, by: \.patient).mapValues { Set($0.map(\.part)) }
        #expect(parts.values.allSatisfy { $0.count == 1 && $0.first != .some(nil) })
        #expect(set.countsByPart.map(\.name) == Dataset.partNames)
        let worst = worstDeviation(set, { image in Dataset.partNames.firstIndex { $0 == image.part } }, shares: shares)
        #expect(worst < 0.12, "worst deviation \(worst)")
        for (counts, share) in zip(set.countsByPart, shares) {
            #expect(abs(Double(counts.images) - share * Double(set.images.count)) <= 0.02 * Double(set.images.count))
        }
    }

    @Test func aPartOfNoShareStaysEmpty() throws {
        var set = randomDataset(seed: 12, patients: 30)
        try set.splitIntoParts([("train", 0.8), ("validation", 0), ("test", 0.2)])
        #expect(Set(set.images.map(\.part)) == ["train", "test"])
    }

    @Test func theSeedAndNotTheOrderOfImagesDecides() throws {
        let set = randomDataset(seed: 7, patients: 120)
        var one = set
        var other = set
        other.images.reverse()
        other.images.swapAt(3, 90)
        var third = set
        try one.splitIntoFolds(4, seed: 5)
        try other.splitIntoFolds(4, seed: 5)
        try third.splitIntoFolds(4, seed: 6)
        #expect(one.folds == other.folds && one.folds != third.folds)
    }

    @Test func keptPatientsStayAndNewOnesFillTheGaps() throws {
        let all = randomDataset(seed: 21, patients: 200)
        var first = all
        first.images.removeAll { (Int($0.patient.dropFirst()) ?? 0) >= 120 }
        try first.splitIntoFolds(4, seed: 1)
        // A fold that was neglected gets the new patients.
        for (patient, fold) in first.folds where fold == 3 { first.folds[patient] = 0 }
        var grown = all
        grown.folds = first.folds
        grown.folds["of another dataset"] = 2
        try grown.splitIntoFolds(4, seed: 9, keeping: true)
        for (patient, fold) in first.folds { #expect(grown.folds[patient] == fold) }
        #expect(grown.folds["of another dataset"] == 2)
        #expect(Set(grown.images.map(\.patient)).isSubset(of: grown.folds.keys))
        let counts = grown.countsByFold.map(\.images)
        let even = Double(grown.images.count) / 4
        #expect(abs(Double(counts[3]) - even) < 0.15 * even, "\(counts)")

        var moved = all
        for index in moved.images.indices where index < 100 { moved.images[index].part = "test" }
        let stay = Set(moved.images.prefix(100).map(\.patient))
        try moved.splitIntoParts([("train", 0.5), ("validation", 0), ("test", 0.5)], keeping: true)
        #expect(moved.images.filter { stay.contains($0.patient) }.allSatisfy { $0.part == "test" })
    }

    @Test func asManyPatientsAsFoldsFillThemAllAndFewerAreRefused() throws {
        var set = randomDataset(seed: 30, patients: 5)
        try set.splitIntoFolds(5)
        #expect(Set(set.folds.values) == Set(0..<5))
        let error = #expect(throws: DatasetError.self) { try set.splitIntoFolds(6) }
        #expect(error?.reason == "5 patients cannot be spread over 6 parts")
        #expect(throws: DatasetError.self) { try PatientSplit(folds: 1) }
        for shares in [[0.5, 0.6], [1.5, -0.5], [.nan, 1], []] {
            #expect(throws: DatasetError.self) { try PatientSplit(shares: shares) }
        }
        set.folds = ["p0": 7]
        #expect(throws: DatasetError.self) { try set.splitIntoFolds(4, keeping: true) }
    }

    @Test func patientsComeFromNamesOrAttributes() throws {
        var set = randomDataset(seed: 31, patients: 3)
        for index in set.images.indices {
            set.images[index].fileName = "site7-\(index / 2)-x.png"
            set.images[index].attributes["person"] = "q\(index / 3)"
        }
        set.setPatients(try PatientNames(pattern: "^site7-([0-9]+)"))
        #expect(set.images.map(\.patient) == set.images.indices.map { "\($0 / 2)" })
        try set.setPatients(attribute: "person")
        #expect(set.images.map(\.patient) == set.images.indices.map { "q\($0 / 3)" })
        set.images[1].attributes["person"] = ""
        let error = #expect(throws: DatasetError.self) { try set.setPatients(attribute: "person") }
        #expect(error?.problems == ["annotations.json, image 2: no attribute of the name given"])
    }

    @Test func onlyTheFileThatChangesIsWritten() throws {
        let root = try TemporaryFolder()
        var set = try randomDataset(seed: 32, patients: 12).write(to: root.file("set"))
        let annotations = try Data(contentsOf: set.directory.appendingPathComponent("annotations.json"))
        try set.splitIntoFolds(3)
        try set.writeFolds()
        #expect(try Data(contentsOf: set.directory.appendingPathComponent("annotations.json")) == annotations)
        #expect(try Dataset.read(directory: set.directory) == set)
        try set.splitIntoParts([("train", 0.5), ("test", 0.5)])
        try set.writeAnnotations()
        #expect(try Dataset.read(directory: set.directory) == set)
        let names = Set(try Files.names(in: set.directory))
        #expect(names == ["images", "annotations.json", "label_map.pbtxt", "folds.csv"])
    }

    /// The 703 boxed images of NIH: the balance that is reached on real data.
    @Test(.enabled(if: Repository.realData != nil, "the real radiographs are not on this machine"))
    func realPatientsAreBalanced() throws {
        let root = try TemporaryFolder()
        let data = try #require(Repository.realData)
        var set = try DatasetImporter().importDataset(
            AnnotationSource(data.appendingPathComponent("nih-boxes")), format: NIHFormat(),
            normals: [AnnotationSource(data.appendingPathComponent("nih-normal"))], to: root.file("set")
        ).dataset
        try set.splitIntoFolds(4)
        let worst = worstDeviation(set, { set.fold(of: $0) }, shares: [0.25, 0.25, 0.25, 0.25])
        // One box too many or too few of a finding that has 21 in a fold.
        #expect(worst < 0.05, "worst deviation \(worst)")
    }
}
