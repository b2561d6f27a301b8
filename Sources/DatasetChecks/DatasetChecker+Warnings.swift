import Basics
import Datasets
import Findings
import Foundation

extension DatasetChecker {
    /// Below this, a finding can be neither learnt nor measured.
    static let fewBoxes = 10

    /// What is no fault and may still surprise; one line each for the whole dataset.
    func warnings(_ set: CheckedSet, _ subject: (path: String, subject: Subject)) -> [DatasetProblem] {
        var warnings: [DatasetProblem] = []
        func warn(_ kind: DatasetProblem.Kind, _ place: String, _ message: String, image: String? = nil) {
            warnings.append(
                DatasetProblem(kind, severity: .warning, path: subject.path, place: place, image: image, message: message))
        }
        var counts: [Int: Int] = [:]
        for image in set.images { for item in image.boxes { counts[item.annotation.classID, default: 0] += 1 } }
        if !counts.isEmpty {
            for findingClass in set.classes where counts[findingClass.id, default: 0] < Self.fewBoxes {
                let count = counts[findingClass.id, default: 0]
                warn(
                    .findingRare, "finding \(findingClass.id)", "\"\(findingClass.name)\" has \(count == 0 ? "no" : "only \(count)") boxes")
            }
        }
        let nameless = set.images.filter { !$0.isPatientKnown }
        if let first = nameless.first {
            let others = nameless.count > 1 ? " and \(nameless.count - 1) others name" : " names"
            warn(.patientUnknown, first.place, "it\(others) no patient: each is taken as a patient of its own", image: first.fileName)
        }
        let homeless = set.hasFolds ? set.images.filter { $0.fold == nil } : []
        if let first = homeless.first {
            let others = homeless.count > 1 ? "it and \(homeless.count - 1) others are" : "it is"
            warn(.foldMissing, first.place, "\(others) in no fold", image: first.fileName)
        }
        if case .directory(let directory) = subject.subject {
            let listed = Set(set.images.map(\.fileName))
            let folder = directory.appendingPathComponent(Dataset.imagesFolder)
            let root = folder.standardizedFileURL.path + "/"
            let unlisted = FolderWalk.files(in: folder).map(\.standardizedFileURL.path)
                .filter { $0.hasPrefix(root) && FileNames.hasImageSuffix($0) }
                .map { String($0.dropFirst(root.count)) }.filter { !listed.contains($0) }
            if let first = unlisted.first {
                let others = unlisted.count > 1 ? "it and \(unlisted.count - 1) others are" : "it is"
                warn(.imageUnlisted, "\(Dataset.imagesFolder)/", "\(others) not listed in \(Dataset.annotationsFile)", image: first)
            }
        }
        return warnings
    }
}
