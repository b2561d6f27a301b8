/// The features of an image's record, as the TensorFlow Object Detection API names them, and Pleura's own, which that API leaves aside.
enum ExampleKeys {
    static let height = "image/height"
    static let width = "image/width"
    static let fileName = "image/filename"
    static let sourceID = "image/source_id"
    static let digest = "image/key/sha256"
    static let encoded = "image/encoded"
    static let format = "image/format"
    static let xMin = "image/object/bbox/xmin"
    static let xMax = "image/object/bbox/xmax"
    static let yMin = "image/object/bbox/ymin"
    static let yMax = "image/object/bbox/ymax"
    static let classText = "image/object/class/text"
    static let classLabel = "image/object/class/label"
    /// Findings of the whole image.
    static let imageClassText = "image/class/text"

    static let patient = "image/patient"
    static let view = "image/view"
    static let part = "image/part"
    /// There and empty for an image on which nothing is found; not there where that is not known.
    static let labels = "image/labels"
    /// The fold of the patient.
    static let fold = "image/fold"
    /// Before the attribute's own name.
    static let attribute = "image/attribute/"
    /// Who drew each box; empty where that is not known.
    static let reader = "image/object/reader"
    /// How much the readers of each box agree; -1 where that is not known.
    static let agreement = "image/object/agreement"

    static let all: Set<String> = [
        height, width, fileName, sourceID, digest, encoded, format, xMin, xMax, yMin, yMax, classText, classLabel, imageClassText, patient,
        view, part, labels, fold, reader, agreement,
    ]
}
