/// A report that an amended one follows (Predecessor Documents Sequence, PS3.3 C.17.2).
public struct PredecessorReport: Hashable, Sendable {
    public var sopInstanceUID: String
    public var sopClassUID: String
    public var seriesInstanceUID: String
    public var studyInstanceUID: String

    public init(sopInstanceUID: String, sopClassUID: String, seriesInstanceUID: String, studyInstanceUID: String) {
        (self.sopInstanceUID, self.sopClassUID) = (sopInstanceUID, sopClassUID)
        (self.seriesInstanceUID, self.studyInstanceUID) = (seriesInstanceUID, studyInstanceUID)
    }

    /// The report among objects that were made before; `nil` where it is another kind of object.
    public init?(_ object: ResultObject) {
        guard object.kind == .structuredReport else { return nil }
        self.init(
            sopInstanceUID: object.sopInstanceUID, sopClassUID: object.sopClassUID, seriesInstanceUID: object.seriesInstanceUID,
            studyInstanceUID: object.studyInstanceUID)
    }
}
