import Basics
import Datasets
import Findings
import Foundation
import Geometry
import Interchange
import Radiographs

/// Makes dataset directories with real pictures for round trips: the same seed gives the same dataset on every machine.
public struct RandomDataset {
    /// What the dataset has beyond one finding's boxes on named images; each part that is in here really occurs in it.
    public var contents: FormatContents
    public var imageCount = 12
    /// Names of files, findings, patients and attributes with blanks, commas, quotation marks, other alphabets and folders.
    public var hasAwkwardNames = true
    /// Ids that leave numbers out, as COCO's own do; only where there are class ids.
    public var hasGapsInIDs = true
    /// Images that are in no part; only where there are parts.
    public var hasImagesWithoutPart = false

    /// All that a format can carry.
    public static let everything: FormatContents = [
        .findings, .classIDs, .unusedClasses, .emptyImages, .fractions, .patients, .views, .parts, .folds, .readers, .agreement,
        .imageLabels, .attributes,
    ]

    public init(_ contents: FormatContents = RandomDataset.everything) { self.contents = contents }

    /// - Parameter directory: The dataset directory to make.
    public func make(seed: UInt64, in directory: URL) throws -> Dataset {
        var random = SeededGenerator(seed: seed)
        let classes = classes(&random)
        // The last one is the class that no box has.
        let used = contents.contains(.unusedClasses) ? Array(classes.dropLast()) : classes
        var images: [DatasetImage] = []
        for index in 0..<max(4, imageCount) {
            let size = (width: Int.random(in: 24...96, using: &random), height: Int.random(in: 24...96, using: &random))
            var image = DatasetImage(id: index + 1, fileName: fileName(index), width: size.width, height: size.height, patient: "")
            image.patient = patient(index, image.fileName)
            if contents.contains(.views), index % 4 != 3 { image.view = ["PA", "AP", "LATERAL"][index % 3] }
            if contents.contains(.parts), !hasImagesWithoutPart || index % 5 != 4 {
                image.part = ["train", "validation", "test"][index % 3]
            }
            let isEmpty = contents.contains(.emptyImages) && index % 4 == 2
            if !isEmpty { image.boxes = boxes(on: image, used, first: index % used.count, &random) }
            if contents.contains(.imageLabels) { image.labels = labels(index, of: image, used) }
            if contents.contains(.attributes), index % 3 != 1 { image.attributes = attributes(index) }
            images.append(image)
            let url = directory.appendingPathComponent("images").appendingPathComponent(image.fileName)
            let picture = DrawnPictures.noise(
                width: size.width, height: size.height, bits: index % 5 == 1 ? 16 : 8, using: &random)
            try Files.write(picture.png(), to: url)
        }
        var folds: [String: Int] = [:]
        if contents.contains(.folds) {
            for (index, patient) in Set(images.map(\.patient)).sorted().enumerated() where index % 5 != 4 {
                folds[patient] = (index + 2) % 3
            }
        }
        return try Dataset(directory: directory, findingClasses: classes, images: images, folds: folds).write(to: directory)
    }

    private func classes(_ random: inout SeededGenerator) -> [FindingClass] {
        let count = (contents.contains(.findings) ? 3 : 1) + (contents.contains(.unusedClasses) ? 1 : 0)
        var names = ["Atelectasis", hasAwkwardNames ? "Nodule/Mass, \"solid\"" : "Nodule", "Pleural effusion", "Pneumothorax"]
        names = Array(names.prefix(count))
        guard contents.contains(.classIDs) else { return names.enumerated().map { FindingClass(id: $0 + 1, name: $1) } }
        // Never alphabetical, so that ids given anew are seen; the class without a box stays the last.
        names =
            Array(names.dropLast(contents.contains(.unusedClasses) ? 1 : 0).reversed())
            + names.suffix(contents.contains(.unusedClasses) ? 1 : 0)
        var id = 0
        return names.map {
            id += hasGapsInIDs ? Int.random(in: 2...3, using: &random) : 1
            return FindingClass(id: id, name: $0)
        }
    }

    private func fileName(_ index: Int) -> String {
        switch index % 6 {
        case 0: String(format: "%08d_%03d.png", 40 + index / 3, index)
        case 1 where hasAwkwardNames: "Röntgen \(index), p.a.png"
        case 2 where hasAwkwardNames: "ward \(index % 4)/picture \(index).png"
        case 3 where hasAwkwardNames: "the \"old\" one's \(index).png"
        case 4 where hasAwkwardNames: "a.b.c-\(index).png"
        default: "image-\(index).png"
        }
    }

    private func patient(_ index: Int, _ fileName: String) -> String {
        let automatic = PatientNames.automatic.patient(fileName: fileName)
        // A name as NIH has it says who the patient is.
        guard contents.contains(.patients), Int(automatic) == nil else { return automatic }
        return hasAwkwardNames && index % 4 == 1 ? "Døe, \"J\" \(index / 2)" : "patient-\(index / 2)"
    }

    private func boxes(on image: DatasetImage, _ classes: [FindingClass], first: Int, _ random: inout SeededGenerator) -> [Annotation] {
        var boxes: [Annotation] = []
        for number in 0..<Int.random(in: 1...4, using: &random) {
            let classID = number == 0 ? classes[first].id : classes[Int.random(in: 0..<classes.count, using: &random)].id
            var annotation = Annotation(classID: classID, box: box(image.width, image.height, &random))
            if contents.contains(.readers), number % 4 != 3 { annotation.reader = "R\(Int.random(in: 1...9, using: &random))" }
            if contents.contains(.agreement), number % 3 != 2 { annotation.agreement = Double(Int.random(in: 0...3, using: &random)) / 3 }
            boxes.append(annotation)
            // Two readers who drew the very same box.
            if contents.contains(.readers), number == 0, annotation.reader != nil {
                boxes.append(Annotation(classID: classID, box: annotation.box, reader: "another", agreement: annotation.agreement))
            }
        }
        return boxes
    }

    /// Inside the image, at least three pixels wide and high; now and then from edge to edge.
    private func box(_ width: Int, _ height: Int, _ random: inout SeededGenerator) -> Box {
        var (x0, x1) = (random.uniform(0...Double(width - 4)), 0.0)
        var (y0, y1) = (random.uniform(0...Double(height - 4)), 0.0)
        x1 = random.uniform((x0 + 3)...Double(width))
        y1 = random.uniform((y0 + 3)...Double(height))
        if Int.random(in: 0..<6, using: &random) == 0 { (x0, x1) = (0, Double(width)) }
        guard contents.contains(.fractions) else {
            return Box(x0: x0.rounded(.down), y0: y0.rounded(.down), x1: x1.rounded(.up), y1: y1.rounded(.up))
        }
        // Most tools write three decimals or fewer, a program all that a number has.
        guard Bool.random(using: &random) else { return Box(x0: x0, y0: y0, x1: x1, y1: y1) }
        let rounded = [x0, y0, x1, y1].map { ($0 * 8).rounded(.down) / 8 }
        return Box(x0: rounded[0], y0: rounded[1], x1: rounded[2], y1: rounded[3])
    }

    /// A third is not known, and an image without a box may be normal or not.
    private func labels(_ index: Int, of image: DatasetImage, _ classes: [FindingClass]) -> [String]? {
        if index % 3 == 0 { return nil }
        if image.boxes.isEmpty { return index % 8 == 2 ? [] : [classes[0].name] }
        let ids = Set(image.boxes.map(\.classID))
        return classes.filter { ids.contains($0.id) || (index % 4 == 1 && $0 == classes[classes.count - 1]) }.map(\.name)
    }

    private func attributes(_ index: Int) -> [String: String] {
        var attributes = ["sex": index % 2 == 0 ? "F" : "M", "age": String(20 + index * 3)]
        if index % 2 == 0 { attributes[hasAwkwardNames ? "read by, when" : "comment"] = hasAwkwardNames ? "\"B\", Tuesday – ñ" : "supine" }
        return attributes
    }
}
