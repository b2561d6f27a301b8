import Datasets
import Findings
import Foundation
import Geometry

/// What the files of an annotation format say, before it is held against the images themselves: names instead of files, and boxes in
/// whatever units the format has.
public struct AnnotationDocument: Sendable {
    /// In the format's order with the format's ids; `nil` where the format has names only.
    public var classes: [FindingClass]?
    public var images: [AnnotatedImage]
    /// The fold of each patient, where the source has folds.
    public var folds: [String: Int]
    /// What each source says of its images, where the files say it.
    package var sources: [DataSource] = []
    /// What findings are called, where the files have an ontology of their own.
    package var ontology: FindingOntology?
    /// Everything that is wrong, one line each with file and row. What is wrong is not among `images`.
    public var problems: ProblemList
    /// What the source says that a dataset does not carry, one line each; told to the user, never an error.
    public var notes: [String]
    /// Boxes that could not be read, on images that cannot be told: any image without boxes may have had one of them.
    public var homelessBoxes = 0
    /// What a person can do about problems, where there is something.
    package var advice: String?

    public init(
        classes: [FindingClass]? = nil, images: [AnnotatedImage] = [], folds: [String: Int] = [:],
        problems: some Sequence<String> = ProblemList(), notes: [String] = []
    ) {
        self.classes = classes
        self.images = images
        self.folds = folds
        self.problems = ProblemList(problems)
        self.notes = notes
    }

    /// Where boxes could not be read and nobody can tell whose they are, no image of this document is normal for having none; one
    /// that is said to be normal is taken at its word.
    package mutating func doubtImagesWithoutBoxes() {
        guard homelessBoxes > 0 else { return }
        var doubtful = 0
        for index in images.indices where images[index].boxes.isEmpty && images[index].lostBoxes == 0 && images[index].labels == nil {
            images[index].lostBoxes = 1
            doubtful += 1
        }
        guard doubtful > 0 else { return }
        problems.append(
            "\(doubtful) images without boxes: a box of an unknown image may belong to any of them, so none is taken as normal")
    }
}

/// One image as an annotation format describes it.
public struct AnnotatedImage: Sendable {
    /// Where its pixels are.
    public enum Content: Hashable, Sendable {
        /// In a file of this name somewhere in the image folders, perhaps with another suffix.
        case named
        /// In this file.
        case file(URL)
        /// The encoded file is `length` bytes from `offset` of `container`, such as a TFRecord shard.
        case embedded(container: URL, offset: Int, length: Int)
    }

    /// The file name as the source spells it; it may carry folders. It comes from outside: `DatasetImporter` refuses names that leave
    /// the folder.
    public var name: String
    public var content: Content
    /// Columns and rows, where the format says them.
    public var width: Int?
    public var height: Int?
    public var patient: String?
    public var view: String?
    public var part: String?
    public var labels: [String]?
    public var attributes: [String: String]
    public var boxes: [NamedBox]
    /// Places where it is not known whether the finding is there.
    package var unknown: [NamedBox] = []
    /// Boxes of it that could not be read; without others it is then left out, for it is not a normal image.
    public var lostBoxes = 0
    /// True where the image is left out when its file is not there, instead of being a problem.
    public var isOptional = false
    /// File and row, or file and record, for messages; without the image's name, which can say who the patient is.
    public var place: String
    /// The folder of the file that names it, inside the source, where its name may begin: what its place begins with.
    package var folder: String { ((place.components(separatedBy: ", ").first ?? "") as NSString).deletingLastPathComponent }

    public init(
        name: String, content: Content = .named, width: Int? = nil, height: Int? = nil, patient: String? = nil, view: String? = nil,
        part: String? = nil, labels: [String]? = nil, attributes: [String: String] = [:], boxes: [NamedBox] = [], place: String
    ) {
        self.name = name
        self.content = content
        self.width = width
        self.height = height
        self.patient = patient
        self.view = view
        self.part = part
        self.labels = labels
        self.attributes = attributes
        self.boxes = boxes
        self.place = place
    }
}

/// One box as an annotation format has it.
public struct NamedBox: Hashable, Sendable {
    public enum Geometry: Hashable, Sendable {
        /// In pixels of the image.
        case pixels(Box)
        /// x and width in fractions of the image's width, y and height of its height, as YOLO and TFRecord have them.
        case relative(Box)
    }

    /// The finding's name.
    public var label: String
    public var geometry: Geometry
    public var reader: String?
    public var agreement: Double?
    /// File and row, for messages.
    public var place: String

    public init(label: String, geometry: Geometry, reader: String? = nil, agreement: Double? = nil, place: String) {
        self.label = label
        self.geometry = geometry
        self.reader = reader
        self.agreement = agreement
        self.place = place
    }

    /// In pixels of an image of `width` x `height`.
    public func box(width: Int, height: Int) -> Box {
        switch geometry {
        case .pixels(let box): box
        case .relative(let box):
            Box(
                x: box.x * Double(width), y: box.y * Double(height), width: box.width * Double(width),
                height: box.height * Double(height))
        }
    }
}
