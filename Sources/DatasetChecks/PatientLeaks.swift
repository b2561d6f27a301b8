import Datasets

/// Patients who are in two parts, folds or datasets.
enum PatientLeaks {
    /// One problem for each further place a patient is in, at the first image there.
    static func problems(_ images: [CheckedImage]) -> [DatasetProblem] {
        struct Place: Hashable {
            var set: Int
            var part: String?
        }
        var first: [String: [(place: Place, image: Int)]] = [:]
        var problems: [DatasetProblem] = []
        // A patient who was made up from the file's name says nothing; the same picture is found by its pixels.
        for (index, image) in images.enumerated() where image.isPatientKnown {
            let place = Place(set: image.set, part: image.part)
            let known = first[image.patient] ?? []
            guard !known.contains(where: { $0.place == place }) else { continue }
            first[image.patient, default: []].append((place, index))
            // A patient's fold is looked up by patient, so images of one patient are never in two folds of one dataset.
            guard let other = known.lazy.map({ images[$0.image] }).first(where: { image.separation(from: $0) != nil }),
                let reason = image.separation(from: other)
            else { continue }
            problems.append(image.problem(.patientLeak, "its patient is that of \(other.name(seenFrom: image)), \(reason)"))
        }
        return problems
    }
}
