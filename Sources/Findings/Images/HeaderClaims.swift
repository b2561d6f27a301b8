/// What a file's header says of its image that a frontal radiograph of the chest would not say, each in words such as "modality CT (Computed
/// Tomography)" that can follow "the header says".
///
/// Headers are often empty and sometimes wrong: what is claimed is told to a reader and decides nothing. No claim holds text that a person
/// typed into the header; all words are those of a table.
public struct HeaderClaims: Hashable, Sendable {
    /// How the picture was made, where that is no projection radiograph of the body.
    public var technique: String?
    /// What it shows, where that is not the chest.
    public var bodyPart: String?
    /// How the patient stood to the beam, where that is neither from behind nor from the front.
    public var view: String?

    public init(technique: String? = nil, bodyPart: String? = nil, view: String? = nil) {
        self.technique = technique
        self.bodyPart = bodyPart
        self.view = view
    }

    /// Nothing that speaks against a frontal radiograph of the chest.
    public static let none = HeaderClaims()

    /// All claims in one, such as "body part ABDOMEN and a left lateral view (LL)"; `nil` where there are none.
    public var words: String? {
        let claims = [technique, bodyPart, view].compactMap { $0 }
        guard let last = claims.last else { return nil }
        return claims.count > 1 ? "\(claims.dropLast().joined(separator: ", ")) and \(last)" : last
    }

    /// "the header says ...".
    public var sentence: String? { words.map { "the header says \($0)" } }
}
