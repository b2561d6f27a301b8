import Foundation
import Geometry
import HashChains

/// What a reader did with one thing that a model said, or did not say, of one image. Events are only ever added, and each holds the hash of
/// the one before: a changed, missing or added one shows.
///
/// Readers and patients are pseudonyms, images the digests of their bytes. Nothing in an event tells who they are.
public struct FeedbackEvent: ChainLink, Hashable {
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// The model's box and finding are right.
        case accept
        /// The finding is right, the box was moved or resized.
        case move
        /// The place is right, it is another finding.
        case relabel
        /// Nothing of that kind is there.
        case reject
        /// The model did not say it.
        case missed
        /// Nothing else is to be seen on the image: what is not marked is not there.
        case complete
        /// The reader does not say so: what is not marked is not known.
        case partial
    }

    /// What was done, to what.
    public struct Content: Hashable, Sendable {
        public var kind: Kind
        /// The finding, as the reader calls it; `nil` of a whole image.
        public var label: String?
        /// In pixels of the image as it is to be seen.
        public var box: Box?
        /// The model's label and box, where the reader changed them.
        public var modelLabel: String?
        public var modelBox: Box?
        /// The model's score; `nil` where it said nothing.
        public var score: Double?

        public init(
            _ kind: Kind, label: String? = nil, box: Box? = nil, modelLabel: String? = nil, modelBox: Box? = nil, score: Double? = nil
        ) {
            (self.kind, self.label, self.box) = (kind, label, box)
            (self.modelLabel, self.modelBox, self.score) = (modelLabel, modelBox, score)
        }
    }

    /// Whose word it is, of what, when.
    public struct Context: Hashable, Sendable {
        /// Whole milliseconds.
        public var time: Date
        /// A pseudonym.
        public var reader: String
        /// `ModelBundle.digest` of the model whose reading the reader saw; `nil` where there was none.
        public var model: String?
        /// SHA-256 of the image's bytes.
        public var image: String
        /// A pseudonym, the same in datasets of the same archive.
        public var patient: String
        /// The number of the reader's reading. Of one reader and image the latest holds.
        public var reading: Int64
        /// Whether the reader signed for it.
        public var isSigned: Bool

        public init(
            time: Date, reader: String, model: String?, image: String, patient: String, reading: Int64, isSigned: Bool
        ) {
            self.time = Date(timeIntervalSince1970: (time.timeIntervalSince1970 * 1_000).rounded() / 1_000)
            (self.reader, self.model, self.image, self.patient) = (reader, model, image, patient)
            (self.reading, self.isSigned) = (reading, isSigned)
        }
    }

    /// Counts up from 1 without gaps.
    public var number: Int64
    public var content: Content
    public var context: Context
    /// Of the event before; 64 zeros for the first.
    public var previousHash: String
    public var hash: String

    /// The next event of a chain.
    public init(after previous: FeedbackEvent?, _ content: Content, _ context: Context) {
        number = (previous?.number ?? 0) + 1
        (self.content, self.context) = (content, context)
        previousHash = previous?.hash ?? ChainHash.none
        hash = ""
        hash = expectedHash
    }

    public var expectedHash: String {
        func text(_ box: Box?) -> String { box.map { "\($0.x) \($0.y) \($0.width) \($0.height)" } ?? "" }
        let milliseconds = Int64((context.time.timeIntervalSince1970 * 1_000).rounded())
        return ChainHash.of([
            String(number), String(milliseconds), content.kind.rawValue, content.label ?? "", text(content.box), content.modelLabel ?? "",
            text(content.modelBox), content.score.map { "\($0)" } ?? "", context.reader, context.model ?? "", context.image,
            context.patient,
            String(context.reading), context.isSigned ? "signed" : "", previousHash,
        ])
    }
}

extension FeedbackEvent {
    private enum CodingKeys: String, CodingKey {
        case number, kind, label, box, score, time, reader, model, image, patient, reading, signed, hash
        case modelLabel = "model_label"
        case modelBox = "model_box"
        case previousHash = "previous_hash"
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func box(_ key: CodingKeys) throws -> Box? {
            guard let numbers = try values.decodeIfPresent([Double].self, forKey: key) else { return nil }
            guard numbers.count == 4 else {
                throw DecodingError.dataCorruptedError(forKey: key, in: values, debugDescription: "a box has four numbers")
            }
            return Box(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
        }
        number = try values.decode(Int64.self, forKey: .number)
        content = Content(
            try values.decode(Kind.self, forKey: .kind), label: try values.decodeIfPresent(String.self, forKey: .label), box: try box(.box),
            modelLabel: try values.decodeIfPresent(String.self, forKey: .modelLabel), modelBox: try box(.modelBox),
            score: try values.decodeIfPresent(Double.self, forKey: .score))
        context = Context(
            time: Date(timeIntervalSince1970: Double(try values.decode(Int64.self, forKey: .time)) / 1_000),
            reader: try values.decode(String.self, forKey: .reader), model: try values.decodeIfPresent(String.self, forKey: .model),
            image: try values.decode(String.self, forKey: .image), patient: try values.decode(String.self, forKey: .patient),
            reading: try values.decode(Int64.self, forKey: .reading), isSigned: try values.decode(Bool.self, forKey: .signed))
        previousHash = try values.decode(String.self, forKey: .previousHash)
        hash = try values.decode(String.self, forKey: .hash)
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        func numbers(_ box: Box?) -> [Double]? { box.map { [$0.x, $0.y, $0.width, $0.height] } }
        try values.encode(number, forKey: .number)
        try values.encode(content.kind, forKey: .kind)
        try values.encodeIfPresent(content.label, forKey: .label)
        try values.encodeIfPresent(numbers(content.box), forKey: .box)
        try values.encodeIfPresent(content.modelLabel, forKey: .modelLabel)
        try values.encodeIfPresent(numbers(content.modelBox), forKey: .modelBox)
        try values.encodeIfPresent(content.score, forKey: .score)
        try values.encode(Int64((context.time.timeIntervalSince1970 * 1_000).rounded()), forKey: .time)
        try values.encode(context.reader, forKey: .reader)
        try values.encodeIfPresent(context.model, forKey: .model)
        try values.encode(context.image, forKey: .image)
        try values.encode(context.patient, forKey: .patient)
        try values.encode(context.reading, forKey: .reading)
        try values.encode(context.isSigned, forKey: .signed)
        try values.encode(previousHash, forKey: .previousHash)
        try values.encode(hash, forKey: .hash)
    }
}
