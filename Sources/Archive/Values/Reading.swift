import Foundation
import Geometry

/// Who read.
public enum Reader: Hashable, Sendable {
    case person(String)
    /// - Parameters:
    ///   - digest: `ModelBundle.digest`.
    ///   - precision: What the engine computed in.
    case model(name: String, version: String, digest: String, precision: String)

    public var isPerson: Bool { if case .person = self { true } else { false } }
    public var name: String {
        switch self {
        case .person(let name): name
        case .model(let name, _, _, _): name
        }
    }
}

/// How binding a reading is.
public enum ReadingStatus: String, Hashable, Sendable, Codable, CaseIterable {
    /// A model's, or a person's that is not signed.
    case preliminary
    /// A person's first signed one.
    case final
    /// A person's signed one after another signed one.
    case amended
}

/// One finding as a reader said it.
public struct ReadFinding: Hashable, Sendable, Codable {
    /// What a person did with what the model said.
    public enum Decision: String, Hashable, Sendable, Codable, CaseIterable {
        case accepted, moved, relabelled, added, rejected
    }

    public var id: String
    public var label: String
    /// In 0...1; of a person's own finding 1.
    public var score: Double
    public var probability: Double?
    /// In pixels of the image as it is to be seen.
    public var box: Box
    /// The id of a surer finding in the same place.
    public var alternativeTo: String?
    /// Which image it is on; `nil` in a reading of one image.
    public var instance: InstanceID?
    /// The id of the model's finding that a person looked at.
    public var origin: String?
    public var decision: Decision?
    /// Why it was rejected.
    public var reason: String?
    /// True where the model's card calls what it said experimental: learnt from few boxes.
    public var isExperimental: Bool
    /// Where in the chest, by masks of lungs and heart; `nil` where nobody looked for them. Without a side and a zone they were looked for,
    /// and are not to be trusted: then nothing is guessed.
    public var place: Place?

    /// The patient's side, thirds of the lung's height, and a region with a name of its own.
    public struct Place: Hashable, Sendable, Codable {
        public var side: String?
        public var zone: String?
        public var region: String?

        public init(side: String? = nil, zone: String? = nil, region: String? = nil) {
            (self.side, self.zone, self.region) = (side, zone, region)
        }
    }

    public init(
        id: String, label: String, score: Double, probability: Double? = nil, box: Box, alternativeTo: String? = nil,
        instance: InstanceID? = nil, origin: String? = nil, decision: Decision? = nil, reason: String? = nil,
        isExperimental: Bool = false, place: Place? = nil
    ) {
        (self.isExperimental, self.place) = (isExperimental, place)
        (self.id, self.label, self.score, self.probability, self.box) = (id, label, score, probability, box)
        (self.alternativeTo, self.instance, self.origin, self.decision, self.reason) = (alternativeTo, instance, origin, decision, reason)
    }

    private enum CodingKeys: String, CodingKey {
        case id, label, score, probability, box, instance, origin, decision, reason, experimental, place
        case alternativeTo = "alternative_to"
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        id = try values.decode(String.self, forKey: .id)
        label = try values.decode(String.self, forKey: .label)
        score = try values.decode(Double.self, forKey: .score)
        probability = try values.decodeIfPresent(Double.self, forKey: .probability)
        let numbers = try values.decode([Double].self, forKey: .box)
        guard numbers.count == 4 else {
            throw DecodingError.dataCorruptedError(forKey: .box, in: values, debugDescription: "a box has four numbers")
        }
        box = Box(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
        alternativeTo = try values.decodeIfPresent(String.self, forKey: .alternativeTo)
        instance = try values.decodeIfPresent(InstanceID.self, forKey: .instance)
        origin = try values.decodeIfPresent(String.self, forKey: .origin)
        decision = try values.decodeIfPresent(Decision.self, forKey: .decision)
        reason = try values.decodeIfPresent(String.self, forKey: .reason)
        isExperimental = try values.decodeIfPresent(Bool.self, forKey: .experimental) ?? false
        place = try values.decodeIfPresent(Place.self, forKey: .place)
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(id, forKey: .id)
        try values.encode(label, forKey: .label)
        try values.encode(score, forKey: .score)
        try values.encodeIfPresent(probability, forKey: .probability)
        try values.encode([box.x, box.y, box.width, box.height], forKey: .box)
        try values.encodeIfPresent(alternativeTo, forKey: .alternativeTo)
        try values.encodeIfPresent(instance, forKey: .instance)
        try values.encodeIfPresent(origin, forKey: .origin)
        try values.encodeIfPresent(decision, forKey: .decision)
        try values.encodeIfPresent(reason, forKey: .reason)
        if isExperimental { try values.encode(true, forKey: .experimental) }
        try values.encodeIfPresent(place, forKey: .place)
    }
}

/// What one reader said at one time. It is never changed, only followed by another.
public struct Reading: Hashable, Sendable {
    /// What is said, apart from who says it of what: kept as one JSON object.
    public struct Content: Hashable, Sendable, Codable {
        /// In falling order of score.
        public var findings: [ReadFinding]
        /// A model's boxes down to its most sensitive operating point; `findings` are those that the protocol shows, under the same ids.
        public var candidates: [ReadFinding]?
        /// A person's: what the model said and the person did not.
        public var rejected: [ReadFinding]?
        /// One score a label for the image as a whole.
        public var imageScores: [String: Double]?
        /// A sentence each.
        public var warnings: [String]
        public var warningCodes: [String]
        /// The heart's width over the chest's, by masks; `nil` where it is not told.
        public var ratio: Ratio?
        /// What lies outside the limits of quality; `nil` in readings of before it was kept.
        public var quality: [Quality]?
        /// What masks say; `nil` where nobody looked for lungs and heart.
        public var anatomy: Anatomy?
        /// Why there are no findings; `nil` where the image was read.
        public var error: String?
        public var errorCode: String?
        /// Whether the person says that nothing else is to be seen.
        public var isComplete: Bool?
        public var comment: String?
        /// The report in words.
        public var text: String?

        public init(
            findings: [ReadFinding] = [], candidates: [ReadFinding]? = nil, rejected: [ReadFinding]? = nil,
            imageScores: [String: Double]? = nil, warnings: [String] = [], warningCodes: [String] = [], error: String? = nil,
            errorCode: String? = nil, isComplete: Bool? = nil, comment: String? = nil, text: String? = nil
        ) {
            (self.findings, self.candidates, self.rejected, self.imageScores) = (findings, candidates, rejected, imageScores)
            (self.warnings, self.warningCodes, self.error, self.errorCode) = (warnings, warningCodes, error, errorCode)
            (self.isComplete, self.comment, self.text) = (isComplete, comment, text)
        }

        private enum CodingKeys: String, CodingKey {
            case findings, candidates, rejected, warnings, error, comment, text, ratio, quality, anatomy
            case imageScores = "image_scores"
            case warningCodes = "warning_codes"
            case errorCode = "error_code"
            case isComplete = "complete"
        }
    }

    /// Counts up from 1 through the whole archive.
    public var id: Int64
    public var study: StudyID
    /// Which image it is of; `nil` for the whole study, as persons read.
    public var instance: InstanceID?
    public var reader: Reader
    public var status: ReadingStatus
    public var made: Date
    /// The latest reading that its reader had seen.
    public var basedOn: Int64?
    public var content: Content

    public init(
        id: Int64 = 0, study: StudyID, instance: InstanceID? = nil, reader: Reader, status: ReadingStatus = .preliminary, made: Date,
        basedOn: Int64? = nil, content: Content
    ) {
        (self.id, self.study, self.instance, self.reader) = (id, study, instance, reader)
        (self.status, self.made, self.basedOn, self.content) = (status, made, basedOn, content)
    }
}

/// A person's unfinished work on a study. Each user has at most one a study.
public struct ReviewDraft: Hashable, Sendable {
    public var basedOn: Int64?
    public var saved: Date
    /// JSON, as the page keeps it.
    public var content: Data

    public init(basedOn: Int64?, saved: Date, content: Data) { (self.basedOn, self.saved, self.content) = (basedOn, saved, content) }
}
