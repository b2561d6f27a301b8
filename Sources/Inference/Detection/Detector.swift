import Findings
import Foundation
import Models
import Radiographs

/// A model ready for use: its bundle and its network, from one radiograph to its findings.
public struct Detector: Sendable {
    public let bundle: ModelBundle
    public let session: DetectorSession
    /// By the finding's name: how its boxes' scores become probabilities.
    private let calibrations: [String: ScoreCalibration]

    /// The lowest score that figures and operating points are computed from: a detector's curve goes on below any threshold in use.
    public static let scoreFloor = 0.001
    public static let notAChestImage = "not a chest image"

    /// - Throws: `InferenceError` where the network cannot be loaded or does not fit the bundle's card and label map.
    public init(bundle: ModelBundle, settings: EngineSettings = EngineSettings()) throws {
        self.bundle = bundle
        calibrations = Dictionary(
            (bundle.card.calibrations ?? []).filter { $0.subject == .box }.map { ($0.finding, $0.curve) }) { first, _ in first }
        session = try DetectorSession(
            modelFile: bundle.modelFile, width: bundle.card.inputSide, height: bundle.card.inputSide, settings: settings)
        guard session.classCount == bundle.labelMap.classes.count else {
            throw InferenceError(
                .wrongNetwork, "it scores \(session.classCount) findings but the label map names \(bundle.labelMap.classes.count)")
        }
    }

    /// Everything: preprocessing, network, suppression, boxes in pixels of the original image.
    /// - Parameter threshold: Lowest score that makes a finding; `nil` takes the card's.
    /// - Throws: `RadiographError`, `InferenceError`.
    public func findings(in radiograph: Radiograph, threshold: Double? = nil) throws -> ImageFindings {
        try findings(prepare(radiograph), threshold: threshold)
    }

    /// The part before the network, which may run while the network is busy with another image.
    public func prepare(_ radiograph: Radiograph) throws -> PreparedRadiograph {
        var warnings = radiograph.warnings
        if let gate = bundle.card.inputGate, !gate.accepts(radiograph.pixels) { warnings.append(Self.notAChestImage) }
        return PreparedRadiograph(
            radiograph: radiograph, input: try bundle.card.preprocessing.modelInput(radiograph.pixels), warnings: warnings)
    }

    /// The network and what follows it.
    public func findings(_ prepared: PreparedRadiograph, threshold: Double? = nil) throws -> ImageFindings {
        let (boxes, scores) = try session.run(prepared.input.values)
        let pixels = prepared.radiograph.pixels
        let limit = threshold ?? bundle.card.scoreThreshold
        let candidates: [Detection]
        do {
            candidates = try NetworkOutput(boxes: boxes, scores: scores).detections(
                classCount: session.classCount, threshold: limit, transform: prepared.input.transform, imageWidth: pixels.width,
                imageHeight: pixels.height)
        } catch {
            throw InferenceError(.wrongOutput, error.reason)
        }
        let kept = bundle.card.suppression.rule(scoreThreshold: limit)(candidates)
        let findings = kept.enumerated().map { position, detection in
            let findingClass = bundle.labelMap.classes[detection.classIndex]
            return Finding(
                id: String(position + 1), findingClass: findingClass, score: detection.score,
                probability: calibrations[findingClass.name]?.probability(of: detection.score), geometry: .box(detection.box))
        }
        return ImageFindings(
            reference: prepared.radiograph.reference, width: pixels.width, height: pixels.height, findings: findings,
            warnings: prepared.warnings)
    }
}

/// A radiograph and what its network gets of it.
public struct PreparedRadiograph: Sendable {
    public let radiograph: Radiograph
    public let input: ModelInput
    public let warnings: [String]
}
