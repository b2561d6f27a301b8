import Findings
import Foundation
import Geometry

/// Images with radiologists' boxes: a directory of `images/`, `annotations.json` (COCO), `label_map.pbtxt` (ids from 1) and
/// `folds.csv` (patient, fold); where it comes of several sources, `sources.json` too.
public struct Dataset: Hashable, Sendable {
    /// Where it lies.
    public let directory: URL
    /// In the label map's order.
    public var findingClasses: [FindingClass]
    /// By rising id.
    public var images: [DatasetImage]
    /// The fold of each patient, from 0.
    public var folds: [String: Int]
    /// Where images lie that have no file of their own, by id; empty for a dataset directory.
    public var embedded: [Int: EmbeddedImage]
    /// What each source says of its images; empty where nobody says: then every box counts, and what has none is not there.
    public var sources: [DataSource]
    /// What findings are called and which are kinds of others; asked only where there are sources.
    public var ontology: FindingOntology

    public init(
        directory: URL, findingClasses: [FindingClass], images: [DatasetImage], folds: [String: Int],
        embedded: [Int: EmbeddedImage] = [:], sources: [DataSource] = [], ontology: FindingOntology = .standard
    ) {
        // One spelling of a directory, so that datasets of the same place are equal.
        self.directory = URL(fileURLWithPath: directory.path, isDirectory: true)
        self.findingClasses = findingClasses
        self.images = images
        self.folds = folds
        self.embedded = embedded
        self.sources = sources
        self.ontology = ontology
    }

    package static let imagesFolder = "images"
    /// Indexed PNG files of `AnatomyBits`, called as the images; where a dataset has any.
    package static let masksFolder = "masks"
    package static let annotationsFile = "annotations.json"
    package static let labelMapFile = "label_map.pbtxt"
    package static let foldsFile = "folds.csv"
    package static let sourcesFile = "sources.json"
    package static let ontologyFile = "ontology.json"

    /// Where the image's file is; an image that is `embedded` has none, and `encodedImage(of:)` reads both.
    public func url(of image: DatasetImage) -> URL {
        directory.appendingPathComponent(Self.imagesFolder).appendingPathComponent(image.fileName)
    }

    /// Where the image's mask of structures would be.
    public func maskURL(of image: DatasetImage) -> URL {
        directory.appendingPathComponent(Self.masksFolder).appendingPathComponent(image.stem + ".png")
    }

    /// `nil` where the patient is in no fold.
    public func fold(of image: DatasetImage) -> Int? { folds[image.patient] }

    /// How many boxes all images have.
    public var boxCount: Int { images.reduce(0) { $0 + $1.boxes.count } }

    /// The dataset as bytes that are the same for the same content whatever the order of its files and wherever it lies, for a
    /// digest in a model's card. Covers classes, images by name, size, patient, view and fold, and boxes; where there are sources, what
    /// they say, which image is of which, labels of whole images, places that are not known and the ontology; not pixels.
    public var canonicalBytes: Data {
        var lines = findingClasses.sorted { $0.id < $1.id }.map { "class\t\($0.id)\t\($0.name)" }
        for image in images.sorted(by: { $0.fileName.utf8.lexicographicallyPrecedes($1.fileName.utf8) }) {
            let fold = fold(of: image).map(String.init) ?? "-"
            lines.append("image\t\(image.fileName)\t\(image.width)\t\(image.height)\t\(image.patient)\t\(image.view ?? "-")\t\(fold)")
            lines += image.boxes.map { "box\t\($0.classID)\t\($0.box.x)\t\($0.box.y)\t\($0.box.width)\t\($0.box.height)" }.sorted()
            if !sources.isEmpty { lines += Self.sourceLines(of: image) }
        }
        if !sources.isEmpty { lines += sourceLines }
        return Data(lines.joined(separator: "\n").utf8)
    }
}
