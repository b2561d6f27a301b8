import Datasets
import Domains
import Findings
import Foundation
import ModelGraph
import Models
import Networks
import Radiographs
import TrainingSettings

extension TrainingRun {
    /// Writes the averaged weights as a bundle: 16-bit weights, the label map, the card and what tells other images.
    func exportBundle(
        of network: any DetectionNetwork, gates: Gates, images: [DatasetImage], settings: TrainingConfiguration, to folder: URL
    ) throws -> URL {
        let version = "1.0.0"
        var onnx = try network.onnxModel(description: "Pleura \(settings.name), research use only", version: version)
        // Anchors stay exact: a half-precision anchor is off by up to a quarter of a pixel.
        onnx.storeWeightsInHalfPrecision { !$0.hasPrefix("anchors.") }
        let learntFolds =
            testFold.map { fold in Set(dataset.folds.values).subtracting([fold]).sorted() } ?? Set(dataset.folds.values).sorted()
        let patients = Set(images.map(\.patient))
        let digest = dataset.digest(of: images)
        let card = ModelCard(
            name: settings.name, version: version,
            summary: "\(settings.model.title), learnt from \(domain.readers)' boxes; starting weights: \(settings.startName).",
            architecture: network.architecture, inputSide: network.inputSide, preprocessing: settings.wholePreprocessing,
            trainingData: ModelCard.TrainingData(
                description: dataDescription, licence: dataLicence,
                digest: digest, images: images.count, boxes: images.reduce(0) { $0 + $1.boxes.count },
                patients: patients.count, folds: learntFolds, patientDigests: PatientDigests(of: patients, salt: digest).text),
            findings: dataset.findingClasses.map { findingClass in
                ModelCard.FindingEvidence(
                    name: findingClass.name, boxes: images.reduce(0) { $0 + $1.boxes.count { $0.classID == findingClass.id } })
            }, scoreThreshold: settings.scoreThreshold, inputGate: gates.meanImage, domain: domain, appearance: gates.appearance,
            quality: gates.quality,
            intendedUse: domain.intendedUse, notice: domain.notice)
        try ModelBundle.write(to: folder, onnx: onnx.bytes(), labelMap: LabelMap(dataset.findingClasses), card: card)
        return folder
    }
}
