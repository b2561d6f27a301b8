import Domains
import Findings
import Foundation
import Radiographs

/// What a model is, what it learnt from, how its input is made and how good it was found to be: `card.json` of a bundle.
///
/// After Mitchell et al., Model Cards for Model Reporting, FAT* 2019.
public struct ModelCard: Codable, Hashable, Sendable {
    public var name: String
    public var version: String
    /// One or two sentences.
    public var summary: String
    public var architecture: String
    /// What the network says, such as `segmentation`; `nil` for detection.
    public var kind: String?
    /// Pixels on a side of the network's square input.
    public var inputSide: Int
    /// Every step between a decoded image and the network, the same in training and in use.
    public var preprocessing: Preprocessing
    public var trainingData: TrainingData
    /// How much it has seen of each finding; `nil` in older cards.
    public var findings: [FindingEvidence]?
    /// The operating threshold that `detect` uses where the user gives none, 0...1.
    public var scoreThreshold: Double
    public var suppression: SuppressionSettings
    /// `nil` where the model was made without one: every image is taken.
    public var inputGate: InputGate?
    /// The kind of image it is for, whole; `nil` in a card that is older than domains, which is then one of chests by its words.
    public var domain: Domain?
    /// The ranges that images of its domain lie in, where the domain's gate is one of appearance.
    public var appearance: AppearanceGate?
    /// What tells that an image's quality is out of the ordinary; `nil` in older cards, and for domains that are not told by a mean image.
    public var quality: QualityLimits?
    /// Limits of what masks say of an image's quality; `nil` in cards of other kinds, and where none were learnt.
    public var anatomyQuality: AnatomyQuality?
    /// Which images it is for, and what becomes of others; `nil` where only the intended use says it.
    public var applicability: Applicability?
    public var metrics: [Metric]
    /// Thresholds by the number of false boxes one is ready to look at, finding by finding; `nil` where none were measured.
    public var operatingPoints: [OperatingPoint]?
    /// How scores become probabilities, finding by finding; `nil` where scores are only scores.
    public var calibrations: [Calibration]?
    /// What it was measured to do wrong most, a sentence each; `nil` where that was not measured.
    public var failureModes: [String]?
    /// Which maps may be shown beside a box, finding by finding; `nil` where none was tested.
    public var explanations: [ExplanationVerdict]?
    /// The bank of similar cases; `nil` where there is none.
    public var similarCases: SimilarCases?
    /// The bundle's network of 8-bit integers; `nil` where it has none.
    public var quantised: Quantisation?
    public var intendedUse: String
    public var notice: String
    /// SPDX name of the licence of the weights.
    public var licence: String
    /// Day the bundle was made, `YYYY-MM-DD` in UTC.
    public var created: String

    public init(
        name: String, version: String, summary: String, architecture: String, inputSide: Int, preprocessing: Preprocessing,
        trainingData: TrainingData, findings: [FindingEvidence]? = nil, scoreThreshold: Double,
        suppression: SuppressionSettings = SuppressionSettings(),
        inputGate: InputGate? = nil, domain: Domain? = nil, appearance: AppearanceGate? = nil, quality: QualityLimits? = nil,
        applicability: Applicability? = nil, metrics: [Metric] = [], operatingPoints: [OperatingPoint]? = nil,
        calibrations: [Calibration]? = nil, failureModes: [String]? = nil, quantised: Quantisation? = nil,
        intendedUse: String = ModelCard.defaultIntendedUse, notice: String = Notice.researchUseOnly, licence: String = "Apache-2.0",
        created: String = ModelCard.today()
    ) {
        self.name = name
        self.version = version
        self.summary = summary
        self.architecture = architecture
        self.inputSide = inputSide
        self.preprocessing = preprocessing
        self.trainingData = trainingData
        self.findings = findings
        self.scoreThreshold = scoreThreshold
        self.suppression = suppression
        self.inputGate = inputGate
        self.domain = domain
        self.appearance = appearance
        self.quality = quality
        self.applicability = applicability
        self.metrics = metrics
        self.operatingPoints = operatingPoints
        self.calibrations = calibrations
        self.failureModes = failureModes
        self.quantised = quantised
        self.intendedUse = intendedUse
        self.notice = notice
        self.licence = licence
        self.created = created
    }

    private enum CodingKeys: String, CodingKey {
        case name, version, summary, architecture, kind, preprocessing, findings, suppression, domain, appearance, quality, applicability,
            metrics, calibrations, explanations, quantised, notice, licence, created
        case operatingPoints = "operating_points"
        case failureModes = "known_failure_modes"
        case similarCases = "similar_cases"
        case anatomyQuality = "anatomy_quality"
        case inputSide = "input_side"
        case trainingData = "training_data"
        case scoreThreshold = "score_threshold"
        case inputGate = "input_gate"
        case intendedUse = "intended_use"
    }

    public static let defaultIntendedUse = """
        Points a trained reader at places on frontal chest radiographs of adults that may hold an abnormality, in research. Not for \
        diagnosis, triage or any decision on a patient; not for children, lateral views, CT or other body parts.
        """

    /// Today in UTC, `YYYY-MM-DD`.
    public static func today() -> String { Date().formatted(.iso8601.year().month().day()) }
}

extension ModelCard {
    /// The kind of networks that say where structures are.
    public static let segmentation = "segmentation"
    /// How kinds of networks begin whose input is a block of a CT scan, for which no step on a picture is made.
    public static let volumePrefix = "nodule-"

    /// Whether its input is no picture.
    public var isOfVolumes: Bool { kind?.hasPrefix(Self.volumePrefix) ?? false }

    /// JSON with sorted keys, indented, ending in a newline; equal cards give equal bytes.
    public func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            return try encoder.encode(self) + Data("\n".utf8)
        } catch {
            throw ModelError(.cannotWrite, "card.json: a figure in the card is not a finite number")
        }
    }

    /// - Throws: `ModelError` that says which key is wrong.
    public init(json: Data) throws {
        do {
            self = try JSONDecoder().decode(ModelCard.self, from: json)
        } catch let error as DecodingError {
            throw ModelError(.damaged, "card.json: \(Self.reason(error))")
        } catch let error as RadiographError {
            throw ModelError(.damaged, "card.json: preprocessing: \(error.reason)")
        } catch {
            throw ModelError(.damaged, "card.json: not a model card")
        }
        try validate()
    }

    /// - Throws: `ModelError` where the card contradicts itself.
    func validate() throws {
        do {
            if !isOfVolumes { _ = try preprocessing.validated() }
        } catch {
            throw ModelError(.damaged, "card.json: \((error as? RadiographError)?.reason ?? "preprocessing cannot be used")")
        }
        for case .letterbox(let width, let height, _) in preprocessing.steps where width != inputSide || height != inputSide {
            throw ModelError(.damaged, "card.json: input_side is \(inputSide) but the letterbox gives \(width) x \(height)")
        }
        guard (0...1).contains(scoreThreshold) else { throw ModelError(.damaged, "card.json: score_threshold is not in 0 to 1") }
        guard !name.isEmpty, !version.isEmpty else { throw ModelError(.damaged, "card.json: name and version must not be empty") }
        for point in operatingPoints ?? [] where !point.threshold.isFinite || !(point.falseBoxesPer100Images >= 0) {
            throw ModelError(.damaged, "card.json: an operating point has no threshold or no rate of false boxes")
        }
        if let age = applicability?.minimumAge, !(0...150).contains(age) {
            throw ModelError(.damaged, "card.json: minimum_age is not in 0 to 150 years")
        }
        try anatomyQuality?.validate()
        guard suppression.maximumFindings > 0 else { throw ModelError(.damaged, "card.json: maximum_findings must be positive") }
    }

    private static func reason(_ error: DecodingError) -> String {
        func place(_ path: [any CodingKey]) -> String { path.isEmpty ? "the file" : path.map(\.stringValue).joined(separator: ".") }
        switch error {
        case .keyNotFound(let key, let context): return "\(place(context.codingPath + [key])) is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context): return "\(place(context.codingPath)) has the wrong type"
        case .dataCorrupted(let context):
            return context.codingPath.isEmpty ? "not JSON" : "\(place(context.codingPath)): \(context.debugDescription)"
        @unknown default: return "not a model card"
        }
    }
}
