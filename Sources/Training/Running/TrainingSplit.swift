import Datasets
import Foundation
import TrainingExamples

/// Which images a run learns from, is watched on and is tested on; no patient is in two of them.
struct TrainingSplit {
    var training: [DatasetImage] = []
    var validation: [DatasetImage] = []
    /// The fold that is left out; empty where there is none.
    var test: [DatasetImage] = []

    /// - Parameters:
    ///   - testFold: The fold that is left out.
    ///   - share: Of the training patients, kept apart for the validation, unless the dataset has a part for it.
    ///   - usesImageLabels: Images of which only whole-image findings are known are learnt from too.
    ///   - validatesImageLabels: They are looked at in the validation too; a detector's boxes on them would all count as false.
    /// - Throws: `TrainingError` where the dataset has no such fold; `DatasetError` where there are too few patients.
    init(dataset: Dataset, testFold: Int?, share: Double, usesImageLabels: Bool, validatesImageLabels: Bool = false, seed: UInt64) throws {
        let usable = dataset.images.filter { !$0.boxes.isEmpty || $0.isNormal || (usesImageLabels && $0.labels != nil) }
        var rest: [DatasetImage]
        if let testFold {
            let folds = Set(dataset.folds.values)
            guard folds.contains(testFold) else {
                let known = folds.sorted().map(String.init).joined(separator: ", ")
                throw TrainingError(.configuration, "the dataset has no fold \(testFold), only \(known.isEmpty ? "none" : known)")
            }
            rest = usable.filter { dataset.fold(of: $0) != testFold }
            guard usable.isEmpty || !rest.isEmpty else {
                throw TrainingError(.noImages, "every image to learn from is in fold \(testFold), which is left out")
            }
            test = dataset.images.filter { dataset.fold(of: $0) == testFold && (!$0.boxes.isEmpty || $0.isNormal) }
        } else {
            validation = usable.filter { $0.part == "validation" && (validatesImageLabels || !$0.boxes.isEmpty || $0.isNormal) }
            rest = usable.filter { $0.part == nil || $0.part == "train" }
        }
        guard share > 0, validation.isEmpty else {
            training = rest
            return
        }
        let parts = try PatientSplit(shares: [1 - share, share], seed: seed).parts(of: rest)
        training = rest.filter { parts[$0.patient] == 0 }
        validation = rest.filter { parts[$0.patient] == 1 && (validatesImageLabels || !$0.boxes.isEmpty || $0.isNormal) }
    }
}
