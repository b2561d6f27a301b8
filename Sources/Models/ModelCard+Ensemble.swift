import Domains
import Findings

extension ModelCard {
    /// The card of an ensemble before it is measured: what its members are and learnt from; figures, operating points and calibrations
    /// are its own and come later.
    /// - Parameters:
    ///   - members: One or more; the first one's preprocessing, input gate and limits of quality stand for all.
    ///   - threshold: `nil` takes the first member's.
    public init(ensembleOf members: [ModelCard], name: String, threshold: Double?) {
        let first = members[0]
        let data = members.map(\.trainingData)
        // Patients are told by digests salted with the data's: only equal data have equal ones.
        let isSameData = Set(data.map(\.digest)).count == 1
        var training = first.trainingData
        training.description = isSameData ? first.trainingData.description : data.map(\.description).uniqued().joined(separator: "; ")
        training.licence = data.map(\.licence).uniqued().joined(separator: "; ")
        training.digest = data.map(\.digest).uniqued().joined(separator: " ")
        training.images = data.map(\.images).max() ?? 0
        training.boxes = data.map(\.boxes).max() ?? 0
        training.patients = data.map(\.patients).max() ?? 0
        training.folds = Set(data.flatMap(\.folds)).sorted()
        training.patientDigests = isSameData ? first.trainingData.patientDigests : nil
        self.init(
            name: name, version: "1.0.0",
            summary: "\(members.count) models that read together: \(members.map(\.name).uniqued().joined(separator: ", ")).",
            architecture: members.map(\.architecture).uniqued().joined(separator: " + "), inputSide: first.inputSide,
            preprocessing: first.preprocessing, trainingData: training, scoreThreshold: threshold ?? first.scoreThreshold,
            suppression: first.suppression, inputGate: first.inputGate, domain: first.domain, appearance: first.appearance,
            quality: first.quality, licence: members.map(\.licence).uniqued().joined(separator: " AND "))
        if let domain { (intendedUse, notice) = (domain.intendedUse, domain.notice) }
    }
}

extension Array where Element: Hashable {
    /// Each element once, where it came first.
    fileprivate func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
