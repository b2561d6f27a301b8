import Results

/// A nodule of a CT series, as it is told to other systems.
public struct ResultNodule: Hashable, Sendable {
    /// What of a slice belongs to it.
    public struct Outline: Hashable, Sendable {
        /// SOP Instance UID of the slice, and its frame from 1 where its file holds several.
        public var image: String
        public var frame: Int?
        /// Of the slice's size, a byte a pixel; all that is not 0 is the nodule.
        public var pixels: [UInt8]

        public init(image: String, frame: Int? = nil, pixels: [UInt8]) { (self.image, self.frame, self.pixels) = (image, frame, pixels) }
    }

    /// Unique within the result, ASCII, up to 32 characters.
    public var id: String
    /// In 0...1.
    public var score: Double?
    /// Millimetres.
    public var meanDiameter: Double
    public var longAxis: Double
    public var shortAxis: Double
    /// Cubic millimetres.
    public var volume: Double
    /// `solid`, `part-solid`, `ground-glass` or `unsure`.
    public var kind: String?
    public var place: ResultFinding.Place?
    /// One a slice, by falling or rising place.
    public var outlines: [Outline]

    public init(
        id: String, score: Double? = nil, meanDiameter: Double, longAxis: Double, shortAxis: Double, volume: Double, kind: String? = nil,
        place: ResultFinding.Place? = nil, outlines: [Outline]
    ) {
        (self.id, self.score, self.meanDiameter, self.longAxis) = (id, score, meanDiameter, longAxis)
        (self.shortAxis, self.volume, self.kind, self.place, self.outlines) = (shortAxis, volume, kind, place, outlines)
    }
}
