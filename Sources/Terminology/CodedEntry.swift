/// A code as the table has it: with how it is known to be right.
public struct CodedEntry: Hashable, Sendable {
    /// How sure it is that the code means what it stands for here.
    public enum Certainty: String, Hashable, Sendable, Codable, CaseIterable {
        /// Code and meaning stand in the source, word for word.
        case certain
        /// Seen in the sources with this meaning; the scheme's own publisher was not asked.
        case checked
        /// From memory, or from one source only: somebody has to look it up before it is used in earnest.
        case unconfirmed
        /// The site's own file says so.
        case site
    }

    /// Whether the code means the concept itself or more than it.
    public enum Match: String, Hashable, Sendable, Codable, CaseIterable {
        case exact, broader, narrower
    }

    public var code: ConceptCode
    public var certainty: Certainty
    /// Where it was looked up.
    public var source: String
    public var match: Match
    public var note: String?

    public init(_ code: ConceptCode, certainty: Certainty, source: String, match: Match = .exact, note: String? = nil) {
        (self.code, self.certainty, self.source, self.match, self.note) = (code, certainty, source, match, note)
    }
}

extension CodedEntry: Codable {
    private enum CodingKeys: String, CodingKey { case value, scheme, meaning, certainty, source, match, note }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        code = ConceptCode(
            try values.decode(String.self, forKey: .value), try values.decode(String.self, forKey: .scheme),
            try values.decode(String.self, forKey: .meaning))
        certainty = try values.decodeIfPresent(Certainty.self, forKey: .certainty) ?? .site
        source = try values.decodeIfPresent(String.self, forKey: .source) ?? "the site's own file"
        match = try values.decodeIfPresent(Match.self, forKey: .match) ?? .exact
        note = try values.decodeIfPresent(String.self, forKey: .note)
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(code.value, forKey: .value)
        try values.encode(code.scheme, forKey: .scheme)
        try values.encode(code.meaning, forKey: .meaning)
        try values.encode(certainty, forKey: .certainty)
        try values.encode(source, forKey: .source)
        if match != .exact { try values.encode(match, forKey: .match) }
        try values.encodeIfPresent(note, forKey: .note)
    }
}
