import Findings
import Foundation

/// Several readers' boxes on an image made one set, by weighted box fusion with every reader's word weighing the same. A merged box keeps
/// how much of the readers agree with it, by which a training can weigh it.
public struct ReaderMerging: Hashable, Sendable {
    /// Boxes of two readers mean the same finding where their IoU is greater than this. Readers' boxes of the same finding overlap far
    /// less than two models' do.
    public var intersectionOverUnion: Double
    /// Merged boxes that a smaller share of the readers has are left out.
    public var minimumAgreement: Double

    /// Readers who looked at an image, found or not, as a list with `|` between them; kept where the source says it.
    public static let readersAttribute = "readers"

    public init(intersectionOverUnion: Double = 0.4, minimumAgreement: Double = 0) {
        self.intersectionOverUnion = intersectionOverUnion
        self.minimumAgreement = minimumAgreement
    }

    /// The same images with merged boxes, in falling order of agreement; boxes without a reader are one unnamed reader's.
    public func callAsFunction(_ dataset: Dataset) -> Dataset {
        var merged = dataset
        let coverage = SourceCoverage(dataset)
        merged.images = dataset.images.map { merge($0, coverage) }
        return merged
    }

    /// How many readers looked at an image: those who are named as its readers, and those who drew on it.
    static func readers(of image: DatasetImage) -> [String] {
        let named = (image.attributes[readersAttribute] ?? "").split(separator: "|").map(String.init)
        return Set(named + image.boxes.map { $0.reader ?? "" }).sorted()
    }

    /// Those who looked at an image with boxes and drew none.
    package static func silentReaders(of image: DatasetImage) -> [String] {
        guard !image.boxes.isEmpty, image.attributes[readersAttribute] != nil else { return [] }
        let drew = Set(image.boxes.map { $0.reader ?? "" })
        return readers(of: image).filter { !drew.contains($0) }
    }

    private func merge(_ image: DatasetImage, _ coverage: SourceCoverage?) -> DatasetImage {
        let readers = Self.readers(of: image)
        guard readers.count > 1 || image.boxes.contains(where: { $0.reader != nil }) else { return image }
        let numbers = Dictionary(uniqueKeysWithValues: readers.enumerated().map { ($1, $0) })
        let votes = image.boxes.map {
            BoxFusion.Vote(Detection(box: $0.box, classIndex: $0.classID, score: 1), source: numbers[$0.reader ?? ""] ?? 0)
        }
        let fusion = BoxFusion(intersectionOverUnion: intersectionOverUnion, takesEachSourceOnce: true)
        var result = image
        result.boxes = fusion(votes, sourceCount: readers.count).compactMap { fused in
            // A source that does not box the finding has no say in it.
            let voters = readers.count { coverage?.boxes($0, fused.detection.classIndex) ?? true }
            let agreement = Double(fused.members.count) / Double(max(fused.members.count, voters))
            guard agreement >= minimumAgreement else { return nil }
            return Annotation(classID: fused.detection.classIndex, box: fused.detection.box, agreement: agreement)
        }
        return result
    }
}

extension Dataset {
    /// Writes this dataset with links to (or copies of) its images into a directory of its own, in one step.
    /// - Throws: `DatasetError`.
    public func write(copyTo target: URL, copiesImages: Bool = false) throws -> Dataset {
        try checkImages()
        return try Dataset.creating(target) { directory in
            try ImageLaying(copies: copiesImages).lay(self, in: directory.appendingPathComponent(Self.imagesFolder))
            return self
        }
    }
}
