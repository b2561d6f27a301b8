import Findings
import Radiographs

/// What a dataset says of its image beside the pixels.
struct ImageDescription {
    let groups: FunctionalGroups

    private var dataset: DICOMItem { groups.dataset }

    /// - Parameter frame: From 1; `nil` for a file of one image.
    func reference(path: String, frame: Int?) -> ImageReference {
        ImageReference(
            path: path, frame: frame, studyInstanceUID: dataset.text(.studyInstanceUID),
            seriesInstanceUID: dataset.text(.seriesInstanceUID), sopInstanceUID: dataset.text(.sopInstanceUID),
            sopClassUID: dataset.text(.sopClassUID))
    }

    /// Pixel Spacing (in the patient), or else Imager Pixel Spacing (at the detector); millimetres.
    var spacing: Radiograph.Spacing? {
        Self.spacing(groups.item(.pixelMeasuresSequence), .pixelSpacing)
            ?? Self.spacing(dataset, .pixelSpacing)
            ?? Self.spacing(dataset, .imagerPixelSpacing)
    }

    var view: Radiograph.View? {
        guard let text = dataset.text(.viewPosition) else { return nil }
        switch text.uppercased() {
        case "PA": return .posteroanterior
        case "AP": return .anteroposterior
        case "LL", "RL", "LATERAL", "LAT": return .lateral
        default: return .other(text)
        }
    }

    var modality: String? { dataset.text(.modality) }
    var bodyPart: String? { dataset.text(.bodyPartExamined) }

    private static func spacing(_ item: DICOMItem?, _ tag: Tag) -> Radiograph.Spacing? {
        guard let item, let row = item.number(tag, at: 0), let column = item.number(tag, at: 1), row > 0, column > 0 else { return nil }
        return Radiograph.Spacing(row: row, column: column)
    }
}
