import Findings
import Foundation
import Models
import Radiographs

/// A model ready for use: its bundle and its network, or those of an ensemble's members, from one radiograph to its findings.
public struct Detector: Sendable {
    public let bundle: ModelBundle
    private let members: [DetectorMember]
    /// What the members' networks take, each once.
    private let preprocessings: [Preprocessing]
    /// By the finding's name: how its boxes' scores become probabilities.
    private let calibrations: [String: ScoreCalibration]

    /// The lowest score that figures and operating points are computed from: a detector's curve goes on below any threshold in use.
    public static let scoreFloor = 0.001
    public static let notAChestImage = "not a chest image"

    /// - Throws: `InferenceError` where a network cannot be loaded or does not fit its bundle's card and label map.
    public init(bundle: ModelBundle, settings: EngineSettings = EngineSettings()) throws {
        self.bundle = bundle
        calibrations = Dictionary(
            (bundle.card.calibrations ?? []).filter { $0.subject == .box }.map { ($0.finding, $0.curve) }
        ) { first, _ in first }
        var (members, preprocessings) = ([DetectorMember](), [Preprocessing]())
        for network in bundle.ensemble?.members.map(\.bundle) ?? [bundle] {
            let wanted = network.card.preprocessing
            let index = preprocessings.firstIndex(of: wanted) ?? preprocessings.count
            if index == preprocessings.count { preprocessings.append(wanted) }
            members.append(try DetectorMember(bundle: network, settings: settings, inputIndex: index))
        }
        (self.members, self.preprocessings) = (members, preprocessings)
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
            radiograph: radiograph, inputs: try preprocessings.map { try $0.modelInput(radiograph.pixels) }, warnings: warnings)
    }

    /// The network and what follows it.
    public func findings(_ prepared: PreparedRadiograph, threshold: Double? = nil) throws -> ImageFindings {
        let pixels = prepared.radiograph.pixels
        let limit = threshold ?? bundle.card.scoreThreshold
        let (candidates, imageScores) = try candidates(prepared, threshold: limit)
        let classes = bundle.labelMap.classes
        let kept = bundle.card.suppression.rule(scoreThreshold: limit)(candidates)
        let alternatives = bundle.card.suppression.alternatives(kept)
        let findings = kept.enumerated().map { position, detection in
            let findingClass = classes[detection.classIndex]
            return Finding(
                id: String(position + 1), findingClass: findingClass, score: detection.score,
                probability: calibrations[findingClass.name]?.probability(of: detection.score), geometry: .box(detection.box),
                alternativeTo: alternatives[position].map { String($0 + 1) })
        }
        return ImageFindings(
            reference: prepared.radiograph.reference, width: pixels.width, height: pixels.height, findings: findings,
            imageScores: imageScores.map { scores in
                Dictionary(zip(classes.map(\.name), scores.map(Double.init))) { first, _ in first }
            }, warnings: prepared.warnings)
    }

    /// Boxes before the last suppression, and the scores of the whole image where there are any.
    private func candidates(
        _ prepared: PreparedRadiograph, threshold: Double
    ) throws -> (detections: [Detection], imageScores: [Float]?) {
        guard let ensemble = bundle.ensemble else { return try members[0].look(at: prepared, threshold: threshold) }
        var votes: [BoxFusion.Vote] = []
        var imageScores: [[Float]] = []
        for (source, member) in members.enumerated() {
            // A box that one member is unsure of may be fused with one that another is sure of.
            let look = try member.look(at: prepared, threshold: min(threshold, Self.scoreFloor))
            var rule = member.bundle.card.suppression.rule(scoreThreshold: min(threshold, Self.scoreFloor))
            // What is the hundred-and-first box of one member may be the tenth of all.
            rule.maximumDetections = max(rule.maximumDetections, 300)
            let own = rule(look.detections)
            votes += own.map { BoxFusion.Vote($0, source: source) }
            if let scores = look.imageScores { imageScores.append(scores) }
        }
        let fused = BoxFusion(intersectionOverUnion: ensemble.fusionIoU)(votes, sourceCount: members.count)
        return (fused.map(\.detection), Self.mean(imageScores))
    }

    /// Column by column; `nil` of none.
    private static func mean(_ rows: [[Float]]) -> [Float]? {
        guard let first = rows.first else { return nil }
        return first.indices.map { column in rows.reduce(0) { $0 + $1[column] } / Float(rows.count) }
    }
}

/// A radiograph and what its networks get of it.
public struct PreparedRadiograph: Sendable {
    public let radiograph: Radiograph
    /// One for each way of preprocessing that the detector's networks want.
    public let inputs: [ModelInput]
    public let warnings: [String]
}
