/// How a volume came to be: every decision that was taken about its slices, one line each.
public struct VolumeRecord: Hashable, Sendable, Codable {
    /// Something that was decided or found.
    public struct Decision: Hashable, Sendable, Codable {
        /// What for programs: `left-out`, `duplicate`, `gap`, `tilt` and so on.
        public var code: String
        /// One sentence for a person.
        public var sentence: String
        /// The files it is about, the first hundred.
        public var files: [String]
        /// How many files it is about.
        public var count: Int
    }

    public var studyInstanceUID: String?
    public var seriesInstanceUID: String?
    public var frameOfReferenceUID: String?
    public var kernel: String?
    /// Files that were looked at.
    public var filesSeen = 0
    /// Slices that the volume was made of.
    public var slicesUsed = 0
    /// Millimetres from slice to slice, from their positions.
    public var spacing: Double?
    /// Slice Thickness, millimetres.
    public var thickness: Double?
    /// Degrees between the slices' normal and the way from slice to slice.
    public var tilt = 0.0
    /// Millimetres: nodules below cannot be looked for in slices as thick as these; `nil` where there is no such limit.
    public var smallestNodule: Double?
    public var decisions: [Decision] = []

    public init() {}

    mutating func note(_ code: String, _ sentence: String, files: [String] = []) {
        decisions.append(Decision(code: code, sentence: sentence, files: Array(files.prefix(100)), count: files.count))
    }

    private enum CodingKeys: String, CodingKey {
        case studyInstanceUID = "study_instance_uid"
        case seriesInstanceUID = "series_instance_uid"
        case frameOfReferenceUID = "frame_of_reference_uid"
        case filesSeen = "files_seen"
        case slicesUsed = "slices_used"
        case smallestNodule = "smallest_nodule"
        case kernel, spacing, thickness, tilt, decisions
    }
}
