import Datasets
import Findings
import Foundation

/// One image as a check knows it.
struct CheckedImage: Sendable {
    struct CheckedBox: Sendable {
        /// File and record, for messages.
        var place: String
        var annotation: Annotation
    }

    /// Which of the datasets under check it is in, and how that was named.
    var set: Int
    var path: String
    /// File and record, for messages.
    var place: String
    var fileName: String
    var url: URL
    /// As the annotations say it.
    var width: Int
    var height: Int
    var patient: String
    var isPatientKnown: Bool
    var part: String?
    var fold: Int?
    var boxes: [CheckedBox]

    func problem(
        _ kind: DatasetProblem.Kind, _ message: String, at place: String? = nil, severity: DatasetProblem.Severity = .failure
    ) -> DatasetProblem {
        DatasetProblem(kind, severity: severity, path: path, place: place ?? self.place, image: fileName, message: message)
    }

    /// Why two images must not share a patient or a picture; `nil` where they may.
    func separation(from other: CheckedImage) -> String? {
        if set != other.set { return "which is another dataset" }
        if let part, let theirs = other.part, part != theirs { return "which is in part \"\(theirs)\", this one in \"\(part)\"" }
        if let fold, let theirs = other.fold, fold != theirs { return "which is in fold \(theirs), this one in fold \(fold)" }
        return nil
    }

    /// For messages of other images: `annotations.json, image 12 (b.png)`, with the dataset where it is another one.
    func name(seenFrom other: CheckedImage) -> String { (set == other.set ? "" : "\(path): ") + "\(place) (\(fileName))" }
}

/// What a check reads of one dataset before any image is opened.
struct CheckedSet: Sendable {
    var images: [CheckedImage] = []
    /// Names by id, in the label map's order.
    var classes: [FindingClass] = []
    var problems: [DatasetProblem] = []
    var hasFolds = false
}
