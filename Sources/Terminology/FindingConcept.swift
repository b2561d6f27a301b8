/// What a label of a label map means.
public struct FindingConcept: Hashable, Sendable {
    /// As the table has it, or as it was asked for where the table lacks it.
    public var label: String
    public var synonyms: [String]
    /// The preferred one first; never empty.
    public var entries: [CodedEntry]
    /// Where such a finding is when nothing closer is known.
    public var site: ConceptCode?
    /// Whether the table has it. Where it does not, its one code is made of the label.
    public var isKnown: Bool

    public var codes: [ConceptCode] { entries.map(\.code) }
    public var preferred: ConceptCode { entries.first?.code ?? .local(label) }
    /// Of the preferred code.
    public var certainty: CodedEntry.Certainty { entries.first?.certainty ?? .site }
    /// Of each code, in their order.
    public var sources: [String] { entries.map(\.source) }

    public init(label: String, synonyms: [String] = [], entries: [CodedEntry], site: ConceptCode? = nil, isKnown: Bool = true) {
        (self.label, self.synonyms, self.entries, self.site, self.isKnown) = (label, synonyms, entries, site, isKnown)
    }
}
