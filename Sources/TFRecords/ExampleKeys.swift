/// The features of an image's record, as the TensorFlow Object Detection API names them, and Pleura's own, which that API leaves aside.
package enum ExampleKeys {
    package static let height = "image/height"
    package static let width = "image/width"
    package static let fileName = "image/filename"
    package static let sourceID = "image/source_id"
    package static let digest = "image/key/sha256"
    package static let encoded = "image/encoded"
    package static let format = "image/format"
    package static let xMin = "image/object/bbox/xmin"
    package static let xMax = "image/object/bbox/xmax"
    package static let yMin = "image/object/bbox/ymin"
    package static let yMax = "image/object/bbox/ymax"
    package static let classText = "image/object/class/text"
    package static let classLabel = "image/object/class/label"
    /// Findings of the whole image.
    package static let imageClassText = "image/class/text"

    package static let patient = "image/patient"
    package static let view = "image/view"
    package static let part = "image/part"
    /// There and empty for an image on which nothing is found; not there where that is not known.
    package static let labels = "image/labels"
    /// The fold of the patient.
    package static let fold = "image/fold"
    /// Before the attribute's own name.
    package static let attribute = "image/attribute/"
    /// Who drew each box; empty where that is not known.
    package static let reader = "image/object/reader"
    /// How much the readers of each box agree; -1 where that is not known.
    package static let agreement = "image/object/agreement"

    package static let all: Set<String> = [
        height, width, fileName, sourceID, digest, encoded, format, xMin, xMax, yMin, yMax, classText, classLabel, imageClassText, patient,
        view, part, labels, fold, reader, agreement,
    ]
}
