import Findings
import Radiographs

extension HeaderClaims {
    /// What a dataset claims, seen from one frame: Modality or else SOP Class, Body Part Examined or else Anatomic Region Sequence, View
    /// Position or else View Code Sequence or else Patient Orientation. Of each, the first that does not fit a frontal chest radiograph.
    init(_ groups: FunctionalGroups) {
        guard let words = HeaderWords.table else {
            self = .none
            return
        }
        let dataset = groups.dataset
        let anatomy = groups.item(.frameAnatomySequence)
        let technique = words.technique(modality: dataset.text(.modality)) ?? words.technique(sopClassUID: dataset.text(.sopClassUID))
        let region = (anatomy ?? dataset).filledItem(.anatomicRegionSequence)
        let bodyPart = words.bodyPart(dataset.text(.bodyPartExamined)) ?? region.flatMap(words.region)
        let side = Self.side(
            anatomy?.text(.frameLaterality) ?? dataset.text(.imageLaterality) ?? dataset.text(.laterality))
        let view =
            words.view(dataset.text(.viewPosition)) ?? words.view(code: dataset.filledItem(.viewCodeSequence)?.text(.codeValue))
            // Slices lie in every direction.
            ?? (technique == nil
                ? Self.view(row: dataset.text(.patientOrientation), column: dataset.text(.patientOrientation, at: 1)) : nil)
        self.init(technique: technique, bodyPart: bodyPart.map { "body part \($0)" + side }, view: view)
    }

    /// Image Laterality (0020,0062) and its like, behind the name of a part.
    private static func side(_ text: String?) -> String {
        switch text?.uppercased() {
        case "L": ", left"
        case "R": ", right"
        default: ""
        }
    }

    /// Patient Orientation (PS3.3 C.7.6.1.1.1) says where a row leads to and where a column does. Across a frontal view lie left and right,
    /// across a lateral one front and back.
    private static func view(row: String?, column: String?) -> String? {
        guard let row, let column, let across = row.uppercased().first, let down = column.uppercased().first else { return nil }
        let (depth, height): (Set<Character>, Set<Character>) = (["A", "P"], ["H", "F"])
        guard depth.contains(across) && height.contains(down) || height.contains(across) && depth.contains(down) else { return nil }
        return "a lateral view by its Patient Orientation (\(across)\\\(down))"
    }
}

extension HeaderWords {
    /// The region of an item of the Anatomic Region Sequence.
    fileprivate func region(_ item: DICOMItem) -> String? { region(code: item.text(.codeValue), meaning: item.text(.codeMeaning)) }
}
