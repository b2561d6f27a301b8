import Basics
import Findings

/// What is in a dataset, in numbers: how many, where, how large, together with what.
public struct DatasetStatistics: Hashable, Sendable {
    /// How often something occurs.
    public struct Count: Hashable, Sendable {
        public var name: String
        public var count: Int

        public init(name: String, count: Int) {
            self.name = name
            self.count = count
        }
    }
    /// Images of one size.
    public struct Size: Hashable, Sendable {
        /// Columns.
        public var width: Int
        /// Rows.
        public var height: Int
        public var count: Int
    }

    /// Counts of the whole.
    public var all: PartCounts
    /// Images on which nothing is found: no box, and no finding said of the whole image.
    public var normalImages: Int
    /// In the label map's order.
    public var findings: [FindingStatistics]
    /// By train, validation, test; empty where there are none.
    public var parts: [PartCounts]
    /// By fold; empty where there are none.
    public var folds: [PartCounts]
    /// How many images have boxes of both findings, by their places in `findings`; the diagonal has the images of one.
    public var together: [[Int]]
    /// How many images have as many boxes, from none up.
    public var boxesPerImage: [Int]
    /// How many patients have as many images, from 1 up.
    public var imagesPerPatient: [Int]
    /// Most frequent first.
    public var sizes: [Size]
    /// Bits a sample, from the files' headers; empty where no file was opened.
    public var bits: [Count]
    /// Images whose file could not be read.
    public var unreadable: Int
    /// Images by view; `unknown` last.
    public var views: [Count]
    /// Patients by sex; a patient counts once, `unknown` last.
    public var sexes: [Count]
    /// Ages in years at the time of the image, by tens from 0; empty where no image has one.
    public var agesByTens: [Int]
    /// Quartiles of the ages of all images that have one.
    public var age: Quartiles?
    /// Boxes by who drew them, most first; empty where no box names a reader.
    public var readers: [Count]
    /// Findings said of whole images, most first; empty where no image has labels.
    public var labels: [Count]

    /// - Parameter inspector: Opens the files for their depth; `nil` opens none.
    /// - Complexity: O(*n*) in images and boxes.
    public init(_ dataset: Dataset, inspector: (any ImageInspector)? = nil) {
        let images = dataset.images
        all = dataset.counts
        normalImages = images.filter(\.isNormal).count
        parts = dataset.countsByPart
        folds = dataset.countsByFold
        findings = dataset.findingClasses.map { FindingStatistics($0, images) }
        together = Self.together(dataset)
        boxesPerImage = Self.histogram(images.map(\.boxes.count), from: 0)
        imagesPerPatient = Self.histogram(Dictionary(grouping: images, by: \.patient).values.map(\.count), from: 1)
        sizes = Dictionary(grouping: images) { [$0.width, $0.height] }
            .map { Size(width: $0.key[0], height: $0.key[1], count: $0.value.count) }
            .sorted { ($1.count, $0.width, $0.height) < ($0.count, $1.width, $1.height) }
        views = Self.counts(images.map(\.view))
        sexes = Self.counts(Self.sexes(images))
        let ages = images.compactMap { $0.attributes["age"].flatMap(Self.years) }
        age = Quartiles(ages)
        agesByTens = Self.histogram(ages.map { Int($0) / 10 }, from: 0)
        let boxes = images.flatMap(\.boxes)
        readers = boxes.contains { $0.reader != nil } ? Self.counts(boxes.map(\.reader)) : []
        labels = Self.counts(images.flatMap { ($0.labels ?? []).map(Optional.some) })
        (bits, unreadable) = inspector.map { Self.depths(dataset, $0) } ?? ([], 0)
    }

    private static func together(_ dataset: Dataset) -> [[Int]] {
        let columns = dataset.findingClasses.columns
        var matrix = Array(repeating: Array(repeating: 0, count: dataset.findingClasses.count), count: dataset.findingClasses.count)
        for image in dataset.images {
            let present = Set(image.boxes.compactMap { columns[$0.classID] })
            for row in present { for column in present { matrix[row][column] += 1 } }
        }
        return matrix
    }

    /// How often each number occurs, from `first` to the largest.
    private static func histogram(_ numbers: [Int], from first: Int) -> [Int] {
        guard let last = numbers.max(), last >= first else { return [] }
        var counts = Array(repeating: 0, count: last - first + 1)
        for number in numbers where number >= first { counts[number - first] += 1 }
        return counts
    }

    /// Most frequent first, what is not known last.
    private static func counts(_ names: [String?]) -> [Count] {
        let groups = Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +)
        let known = groups.compactMap { name, count in name.map { Count(name: $0, count: count) } }
            .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
        return known + (groups[nil].map { [Count(name: "unknown", count: $0)] } ?? [])
    }

    /// Of each patient the first that is said; `nil` for those of whom none is.
    private static func sexes(_ images: [DatasetImage]) -> [String?] {
        guard images.contains(where: { $0.attributes["sex"] != nil }) else { return [] }
        return Dictionary(grouping: images, by: \.patient).sorted { $0.key < $1.key }.map { _, images in
            images.lazy.compactMap { $0.attributes["sex"] }.first { !$0.isEmpty }
        }
    }

    /// `58`, or `058Y`, `006M` as DICOM writes an age (PS3.5, value representation AS).
    package static func years(_ text: String) -> Double? {
        let units: [Character: Double] = ["Y": 1, "M": 1 / 12.0, "W": 7 / 365.25, "D": 1 / 365.25]
        let unit = text.last.flatMap { units[$0] }
        guard let number = CSVFile.number(unit == nil ? text : String(text.dropLast())) else { return nil }
        let years = number * (unit ?? 1)
        // NIH has ages of 148 and 414: slips of the pen.
        return (0..<130).contains(years) ? years : nil
    }

    private static func depths(_ dataset: Dataset, _ inspector: any ImageInspector) -> ([Count], Int) {
        let bits = Concurrent.map(dataset.images.count) { index in
            (try? inspector.facts(of: dataset.url(of: dataset.images[index])))?.bits ?? 0
        }
        let counts = Dictionary(bits.map { ($0, 1) }, uniquingKeysWith: +)
        let known = counts.filter { $0.key > 0 }.sorted { $0.key < $1.key }.map { Count(name: "\($0.key)", count: $0.value) }
        return (known, counts[0] ?? 0)
    }
}
