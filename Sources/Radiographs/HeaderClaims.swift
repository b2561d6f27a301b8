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

    /// "the header says ...", all claims in one; `nil` where there are none.
    /// - Parameter includingView: False where any view will do.
    public func sentence(includingView: Bool = true) -> String? {
        let claims = [technique, bodyPart, includingView ? view : nil].compactMap { $0 }
        guard let last = claims.last else { return nil }
        let words = claims.count > 1 ? "\(claims.dropLast().joined(separator: ", ")) and \(last)" : last
        return "the header says \(words)"
    }
}
