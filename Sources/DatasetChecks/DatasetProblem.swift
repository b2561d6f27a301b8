import Datasets

/// One thing that is wrong with a dataset, with the place where it can be put right.
///
/// Unlike a `DatasetError`, it names the image's file: a person asked what is wrong with their own files and must find them. It never
/// says who the patient is.
public struct DatasetProblem: Hashable, Sendable, Encodable {
    /// What is wrong; the raw values are part of the report's JSON.
    public struct Kind: RawRepresentable, Hashable, Sendable, Encodable {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        /// A file of the dataset is missing or is not what it should be, or a row of it.
        public static let file = Kind(rawValue: "file")
        /// A row of the annotations that an import cannot take.
        public static let annotation = Kind(rawValue: "annotation")
        /// A patient in two parts, folds or datasets.
        public static let patientLeak = Kind(rawValue: "patient-leak")
        /// The same picture in two parts, folds or datasets.
        public static let pictureLeak = Kind(rawValue: "picture-leak")
        /// The same picture twice in one part.
        public static let pictureTwice = Kind(rawValue: "picture-twice")
        public static let imageMissing = Kind(rawValue: "image-missing")
        public static let imageUnreadable = Kind(rawValue: "image-unreadable")
        /// The annotations say another size than the file.
        public static let imageSize = Kind(rawValue: "image-size")
        /// Two entries of one image.
        public static let imageTwice = Kind(rawValue: "image-twice")
        public static let boxEmpty = Kind(rawValue: "box-empty")
        public static let boxOutside = Kind(rawValue: "box-outside")
        /// The same box twice, to the last digit.
        public static let boxTwice = Kind(rawValue: "box-twice")
        /// Two boxes of one finding and reader that are nearly the same.
        public static let boxNearlyTwice = Kind(rawValue: "box-nearly-twice")
        public static let findingUnknown = Kind(rawValue: "finding-unknown")
        /// What the sources say cannot be: a finding that none is complete for, a name that no ontology has.
        public static let source = Kind(rawValue: "source")
        // Warnings from here on.
        public static let boxOverEdge = Kind(rawValue: "box-over-edge")
        public static let imageFlat = Kind(rawValue: "image-flat")
        public static let imageUnlisted = Kind(rawValue: "image-unlisted")
        public static let findingRare = Kind(rawValue: "finding-rare")
        public static let patientUnknown = Kind(rawValue: "patient-unknown")
        public static let foldMissing = Kind(rawValue: "fold-missing")
        /// Two sources say different things of one image.
        public static let sourceContradiction = Kind(rawValue: "source-contradiction")
        /// An image names no source, or a label of whole images is in no ontology.
        public static let sourceMissing = Kind(rawValue: "source-missing")

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(rawValue)
        }
    }

    public enum Severity: String, Hashable, Sendable, Encodable {
        /// Must be put right: training or measuring on it misleads.
        case failure
        /// Worth knowing.
        case warning
    }

    public var severity: Severity
    public var kind: Kind
    /// The dataset, as it was named to the check.
    public var path: String
    /// File and record in it: `annotations.json, image 12`. Records count from 1.
    public var place: String
    /// The file name of the image in question.
    public var image: String?
    /// One sentence without a full stop.
    public var message: String

    public init(
        _ kind: Kind, severity: Severity = .failure, path: String, place: String, image: String? = nil, message: String
    ) {
        self.severity = severity
        self.kind = kind
        self.path = path
        self.place = place
        self.image = image
        self.message = message
    }

    /// `set: annotations.json, image 12 (b.png): its file is missing`.
    public var line: String { "\(path): \(place)\(image.map { " (\($0))" } ?? ""): \(message)" }
}
